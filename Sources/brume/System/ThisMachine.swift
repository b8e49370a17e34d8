import Foundation

/// What this machine says of its GPUs, memory, network adapters, and of the Slurm cluster that it belongs to.
///
/// It only reads: nvidia-smi and `scontrol show node`, each for some seconds at most, /proc/meminfo and
/// /sys/class/infiniband.
enum ThisMachine {
  /// Longest time of one program: without its persistence daemon, nvidia-smi wakes each GPU first.
  private static let seconds = 15.0

  /// The outputs, in the form in which `brume detect --script` saves them.
  static func outputs() -> [String] {
    let query = "--query-gpu=name,memory.total,pcie.link.gen.max,pcie.link.width.max,power.limit"
    var texts = [CommandOutput.text("nvidia-smi", [query, "--format=csv"], seconds: seconds)]
    // Where it is missing, or hangs, it is not asked again.
    if !texts[0].isEmpty {
      let further = [["-L"], [], ["-q", "-d", "MEMORY"], ["topo", "-m"], ["nvlink", "-s"]]
      texts += further.map { CommandOutput.text("nvidia-smi", $0, seconds: seconds) }
    }
    texts.append(CommandOutput.text("scontrol", ["show", "node"], seconds: seconds))
    return texts + [memory(), ports()]
  }

  private static func memory() -> String {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").first { $0.hasPrefix("MemTotal:") }.map(String.init) ?? ""
  }

  /// Lines `/sys/class/infiniband/mlx5_0/ports/1/rate:200 Gb/sec (4X HDR)`.
  private static func ports() -> String {
    let root = "/sys/class/infiniband"
    var lines: [String] = []
    for adapter in entries(root) {
      for port in entries("\(root)/\(adapter)/ports") {
        for file in ["rate", "state", "link_layer"] {
          let path = "\(root)/\(adapter)/ports/\(port)/\(file)"
          guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
          lines.append("\(path):\(text.split(separator: "\n").first ?? "")")
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func entries(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}
