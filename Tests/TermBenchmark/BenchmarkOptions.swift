/// What the benchmark was asked for.
struct BenchmarkOptions {
  /// The program; nil for the one beside this one, which a debug build makes slow.
  var binary: String?
  /// Samples, workloads or plans.
  var samples = ["gpt-1.3b-2xl4", "gpt-22b-32xl4"]
  /// Columns and rows of the screens.
  var sizes = [(80, 24), (120, 36), (200, 60)]
  /// Measures through an OpenSSH server on the loopback address, too.
  var overSSH = false
  /// Walks over a line of 64 kbit/s and 200 ms instead.
  var isSlowLine = false
  /// What each sync of the disk takes, milliseconds; nil for the disk as it is.
  var diskMilliseconds: Int?
  /// Times that each action is done.
  var repeats = 40

  /// How it is called.
  static let usage = """
    usage: term-benchmark [--binary PATH] [--samples A,B] [--sizes 80x24,120x36] [--repeats N] [--ssh] [--slow-line]
                          [--disk-ms N]
      Prints bytes and milliseconds of what a person does in the explorer, against their bars.
      --binary     the program, such as .build/release/brume; else the one of this build
      --ssh        measures through an OpenSSH server on the loopback address, too
      --slow-line  a first walk over 64 kbit/s and 200 ms: how long each step takes to be on the screen
      --disk-ms    every sync of the disk takes so long, as that of a network home does

    """

  /// Reads arguments; nil where they are not understood.
  init?(_ arguments: some Sequence<String>) {
    var words = Array(arguments)[...]
    while let word = words.popFirst() {
      switch word {
      case "--ssh": overSSH = true
      case "--slow-line": isSlowLine = true
      case "--disk-ms": diskMilliseconds = words.popFirst().flatMap { Int($0) }
      case "--binary": binary = words.popFirst()
      case "--samples": samples = words.popFirst()?.split(separator: ",").map(String.init) ?? []
      case "--repeats": repeats = max(1, words.popFirst().flatMap { Int($0) } ?? 0)
      case "--sizes":
        sizes = (words.popFirst() ?? "").split(separator: ",").compactMap { size in
          let parts = size.split(separator: "x").compactMap { Int($0) }
          return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
      default: return nil
      }
    }
    if samples.isEmpty || sizes.isEmpty { return nil }
  }
}
