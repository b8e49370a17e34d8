/// How many NCCL communicators a GPU is part of (docs/model.md, section 6).
enum CommunicatorCount {
  /// One for all ranks, and one each for tensor, data and pipeline parallelism where they have more than one rank; none
  /// for a single GPU.
  static func of(tensorParallel: Int, dataParallel: Int, stages: Int) -> Int {
    let groups = [tensorParallel, dataParallel, stages].count { $0 > 1 }
    return groups > 0 ? groups + 1 : 0
  }
}

extension GPU {
  /// Bytes outside the allocator with so many communicators: the context and their buffers.
  func contextBytes(groups: Int) -> Double { contextBytes.value + Double(groups) * communicatorBytes.value }
}
