import Engine
import Foundation
import Synchronization

/// Gives many inputs to readers, on two threads, and tells how they ended.
///
/// `BRUME_FUZZ=NAME:NUMBER` gives one input alone, and prints it. While inputs run, each thread keeps the name and the
/// number of its input in a file of the temporary folder (`brume-fuzz-0`, `brume-fuzz-1`): what a trap leaves behind.
public struct FuzzSweep: Sendable {
  /// Seconds of processor time that an input may take; builds for debugging and under a sanitizer are many times slower.
  public static let mostSeconds = isDebug || isSanitized ? 20.0 : 1.0
  /// `.ci/slow` sets these variables.
  private static let isSanitized = ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains {
    ProcessInfo.processInfo.environment[$0] != nil
  }
  #if DEBUG
    private static let isDebug = true
  #else
    private static let isDebug = false
  #endif
  /// Bytes that the program may have more at some moment of an input than at its start; the other threads' count too.
  public static let mostGrowth = 200 << 20
  /// Longest text of an error, characters.
  public static let longestError = 2_000

  /// What a sweep found.
  public struct Figures: Sendable {
    /// Inputs by how they ended.
    public var read = 0, refused = 0, nothing = 0
    /// Inputs that took more than `mostSeconds`.
    public var slow: [String] = []
    /// What was wrong, the first of each kind.
    public var problems: [String] = []
    /// Seconds of processor time of the slowest input, and which one it was.
    public var slowest = (seconds: 0.0, input: "")
    /// Seconds of processor time of all inputs, by reader.
    public var seconds: [String: Double] = [:]
    /// Bytes by which the largest size of the program grew, in all, and by which it was larger during one input.
    public var growth = 0, largestGrowth = (bytes: 0, input: "")

    /// All inputs.
    public var inputs: Int { read + refused + nothing }
  }

  private struct Slice: Sendable {
    var reader: FuzzedReader
    var range: Range<Int>
  }

  private let slices: [Slice]
  private let isTyped: @Sendable (any Error) -> Bool

  /// A sweep of about `count` inputs: each reader gets at least `least`, the rest is shared by weight.
  ///
  /// `isTyped` says which errors readers may throw.
  public init(
    _ readers: [FuzzedReader], count: Int, least: Int, isTyped: @escaping @Sendable (any Error) -> Bool
  ) {
    self.isTyped = isTyped
    let weights = readers.reduce(0) { $0 + $1.weight }
    let rest = max(0, count - least * readers.count)
    var slices: [Slice] = []
    for reader in readers {
      let share = least + (rest * reader.weight + weights - 1) / max(1, weights)
      for start in stride(from: 0, to: share, by: 1_000) {
        slices.append(Slice(reader: reader, range: start..<min(share, start + 1_000)))
      }
    }
    if let wanted = ProcessInfo.processInfo.environment["BRUME_FUZZ"]?.split(separator: ":"), wanted.count == 2,
      let index = Int(wanted[1]), index >= 0
    {
      slices = readers.filter { $0.name == wanted[0] }.map { Slice(reader: $0, range: index..<index + 1) }
      for slice in slices { print(slice.reader.input(index).debugDescription) }
    }
    self.slices = slices
  }

  /// Runs all inputs.
  public func run(threads: Int = 2) -> Figures {
    let next = Atomic<Int>(0)
    let total = Mutex(Figures())
    let before = PeakMemory.bytes.now
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      let note = FuzzNote(thread)
      var figures = Figures()
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < slices.count else { break }
        for number in slices[index].range { take(slices[index].reader, number, note, &figures) }
      }
      note.remove()
      total.withLock { $0.add(figures) }
    }
    return total.withLock { figures in
      figures.growth = PeakMemory.bytes.now - before
      return figures
    }
  }

  private func take(_ reader: FuzzedReader, _ number: Int, _ note: FuzzNote, _ figures: inout Figures) {
    let input = "\(reader.name):\(number)"
    note.write(input)
    let text = reader.input(number)
    let before = PeakMemory.start()
    let start = Self.threadSeconds
    do {
      switch try reader.read(text, number) {
      case .read: figures.read += 1
      case .nothing: figures.nothing += 1
      }
    } catch let finding as FuzzFinding {
      figures.report("\(input): \(finding)")
    } catch {
      figures.refused += 1
      if !isTyped(error) { figures.report("\(input): an error of \(type(of: error)): \(error)") }
      if let problem = Self.problem(of: "\(error)", place: reader.place) { figures.report("\(input): \(problem)") }
    }
    let seconds = Self.threadSeconds - start
    figures.seconds[reader.name, default: 0] += seconds
    if seconds > figures.slowest.seconds { figures.slowest = (seconds, input) }
    if seconds > Self.mostSeconds { figures.slow.append("\(input) (\(seconds) s)") }
    let growth = PeakMemory.bytes.most - before
    if growth > figures.largestGrowth.bytes { figures.largestGrowth = (growth, input) }
  }

  /// What is wrong with an error's text: it names its file, is short, and holds nothing that a terminal could act upon.
  public static func problem(of text: String, place: String?) -> String? {
    if let place, !text.hasPrefix(place) { return "an error without its file: \(text.prefix(300).debugDescription)" }
    if text.unicodeScalars.count > longestError {
      return "an error of \(text.unicodeScalars.count) characters: \(text.prefix(200).debugDescription)"
    }
    if let scalar = text.unicodeScalars.first(where: Self.isHostile) {
      return "an error with U+\(String(scalar.value, radix: 16)): \(text.prefix(300).debugDescription)"
    }
    return nil
  }

  /// Whether a character must not reach a terminal: controls, formats (bidirectional overrides, zero width), and line
  /// separators.
  public static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Processor time of this thread, seconds: what others do on the machine does not count.
  private static var threadSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension FuzzSweep.Figures {
  /// Most problems that are told.
  private static let mostProblems = 40

  /// Adds a problem.
  fileprivate mutating func report(_ text: String) {
    if problems.count < Self.mostProblems { problems.append(text) }
  }

  /// Adds what another thread found.
  fileprivate mutating func add(_ other: Self) {
    (read, refused, nothing) = (read + other.read, refused + other.refused, nothing + other.nothing)
    slow += other.slow
    problems += other.problems
    if other.slowest.seconds > slowest.seconds { slowest = other.slowest }
    if other.largestGrowth.bytes > largestGrowth.bytes { largestGrowth = other.largestGrowth }
    seconds.merge(other.seconds, uniquingKeysWith: +)
  }

  /// One line for people: counts, times, memory.
  public var summary: String {
    let dearest = seconds.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.prefix(3)
      .map { "\($0.key) \(Int($0.value.rounded())) s" }
    return
      "\(inputs) inputs: \(read) read and used, \(refused) refused, \(nothing) said nothing; too slow: \(slow.count); "
      + "slowest \(Int(slowest.seconds * 1_000)) ms (\(slowest.input)); grew \(growth >> 20) MiB, at one input at most "
      + "\(largestGrowth.bytes >> 20) MiB; \(Int(seconds.values.reduce(0, +))) s of processor time, most: "
      + dearest.joined(separator: ", ")
  }
}

/// The file in which a thread keeps which input it runs.
private struct FuzzNote {
  private let path: String
  private let file: Int32

  init(_ thread: Int) {
    path = NSTemporaryDirectory() + "/brume-fuzz-\(thread)"
    file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
  }

  func write(_ input: String) {
    var line = Array((input + "\n").utf8)
    line += Array(repeating: UInt8(ascii: " "), count: max(0, 80 - line.count))
    _ = line.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
  }

  func remove() {
    close(file)
    unlink(path)
  }
}
