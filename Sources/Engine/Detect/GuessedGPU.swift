/// The GPU of a detected node: that of the catalogue, with what was seen of the card.
struct GuessedGPU: Sendable, Equatable {
  /// The GPU.
  var gpu: GPU

  /// Where the card has no name for its reserve: what the driver keeps at most of cards whose memory was measured under
  /// PyTorch (A10G: 22.20 of 22.49 GiB; A100 40 GB: 39.50 of 40).
  static let usableShare = 0.987

  /// The figures of `start` are kept where the card is the catalogue's own, else they are assumed.
  init(_ cards: SeenCards, _ start: GPU) {
    gpu = start
    if !cards.match.isExact {
      gpu = Self.assumed(start)
      gpu.name = Self.name(cards.card, start.name)
      gpu.title = cards.card
    }
    guard let seen = cards.seen, let total = seen.memoryBytes, let usable = seen.usableBytes else {
      gpu.memoryBytes = start.memoryBytes.assumed(as: start.name)
      return
    }
    let ratio = total / start.memoryBytes.value
    if (0.97...1.03).contains(ratio) {
      // PyTorch's capacity on such cards, which nvidia-smi's total is a little above.
      gpu.memoryBytes = start.memoryBytes
    } else if usable < total {
      gpu.memoryBytes = Figure(usable, .measured, source: "nvidia-smi: the total less what the driver reserves")
    } else {
      gpu.memoryBytes = Figure(
        total * Self.usableShare, .derived,
        source: "nvidia-smi's total less 1.3 %, what the driver keeps at most of cards that were measured")
    }
  }

  /// `a100-pcie-40gb` of `NVIDIA A100-PCIE-40GB`; never the name of a GPU that ships.
  private static func name(_ card: String, _ start: String) -> String {
    let words = card.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      .filter { !["nvidia", "tesla", "geforce", "graphics", "generation"].contains($0) }
    let name = words.joined(separator: "-").prefix(40)
    let isTaken = (try? Catalogue.gpu(named: String(name), at: InputPlace(file: ""))) != nil
    return name.isEmpty ? "\(start)-like" : isTaken ? "\(name)-seen" : String(name)
  }

  /// All figures as nobody told them of this card.
  private static func assumed(_ start: GPU) -> GPU {
    var gpu = start
    let paths: [WritableKeyPath<GPU, Figure>] = [
      \.memoryBytes, \.peakFlops, \.memoryBandwidth, \.gemm.share, \.gemm.halfDepth, \.gemm.waveElements,
      \.flashForwardShare, \.flashBackwardShare, \.flashHalfSequence, \.elementwiseShare, \.launchSeconds,
      \.contextBytes, \.communicatorBytes,
    ]
    for path in paths { gpu[keyPath: path] = start[keyPath: path].assumed(as: start.name) }
    gpu.fp8Flops = start.fp8Flops?.assumed(as: start.name)
    gpu.power = start.power.map { power in
      PowerLimit(
        productShare: power.productShare.assumed(as: start.name), memoryPart: power.memoryPart.assumed(as: start.name))
    }
    return gpu
  }
}
