import Engine

/// The commented workload file that `brume new` writes.
enum WorkloadTemplate {
  /// The file's text: names as they were given, defaults written out, a comment for each choice.
  static func text(_ asked: QuestionOptions.Complete, workload: Workload) -> String {
    let nodes = workload.cluster.nodes
    let machines = nodes == 1 ? "1 machine" : "\(nodes) machines"
    let kind = workload.cluster.nodeType
    let title = "\(workload.model.name) on \(machines) with \(workload.cluster.gpusPerNode) x \(kind.gpu.title)"
    return """
      # \(PlainText.line(title))
      brume: 1
      model: \(quoted(asked.model))
      cluster: \(quoted(asked.cluster))   # nodes x GPUs per node x kind; brume clusters lists the kinds
      run:
        sequence: \(asked.sequence)     # tokens of one sample
        batch: \(asked.batch)         # samples of one optimizer step, over all GPUs
        precision: \(workload.run.precision.rawValue)    # fp16 or bf16; the optimizer keeps fp32 copies
        attention: \(workload.run.attention.rawValue)   # flash, or none for unfused kernels
        \(launch(workload.run))
        # trainingTokens: 1e12   # of the whole training: gives its days, and its cost where prices are known
      limits:
        memoryShare: 1     # share of the GPU memory that a plan may use
        headroom: auto     # kept free besides: auto (the error of the memory prediction) or an amount, such as 1 GiB

      """
  }

  /// The launcher, where it is known, or the runtime.
  private static func launch(_ run: TrainingRun) -> String {
    guard let launcher = run.launcher else {
      return "runtime: \(run.runtime)      # whose overlap of compute, collectives and copies is predicted"
    }
    return "launcher: \(launcher.rawValue)   # who will run it: sets the runtime and the space"
  }

  /// A name as it is where YAML reads it as one, else quoted.
  private static func quoted(_ name: String) -> String {
    let plain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"): true
      case UInt8(ascii: "-"): true
      default: false
      }
    }
    return plain && name.first != "-" ? name : JSONWriter.quoted(name)
  }
}
