import Engine
import Foundation

/// Which process on which machine: what a lock in a folder that machines share tells of its owner.
struct ProcessIdentity: Equatable, Sendable {
  /// The machine's name, for people.
  var host: String
  /// The start of the machine's system, which no two machines share.
  var boot: String
  /// Whose process numbers they are: containers of one machine count each for themselves.
  var namespace: String
  /// The process.
  var process: pid_t
  /// When it started, in the system's ticks: numbers are given out again.
  var start: String

  /// This process.
  static var own: ProcessIdentity {
    ProcessIdentity(
      host: HostName.current, boot: word("/proc/sys/kernel/random/boot_id"), namespace: ownNamespace,
      process: getpid(), start: start(of: getpid()))
  }

  /// What is known of whether a process runs.
  enum State: Equatable {
    /// It runs on this machine.
    case running
    /// It has ended.
    case ended
    /// It ran on another machine, or in another container.
    case elsewhere
  }

  /// Whether the process runs, as far as this one can know.
  var state: State {
    let own = Self.own
    guard host == own.host else { return .elsewhere }
    // Without /proc neither is known, and the number alone decides.
    if !boot.isEmpty, !own.boot.isEmpty, boot != own.boot { return .ended }
    guard namespace == own.namespace else { return .elsewhere }
    guard process > 0, kill(process, 0) == 0 || errno == EPERM else { return .ended }
    let started = Self.start(of: process)
    return start.isEmpty || started.isEmpty || start == started ? .running : .ended
  }

  /// `login1, process 1234`.
  var words: String { "\(host), process \(process)" }

  // MARK: as a file

  private static let keys = ["host", "boot", "namespace", "process", "start"]

  /// A line a field.
  var text: String {
    ConfigNode.object([
      ("host", .text(host)), ("boot", boot.isEmpty ? nil : .text(boot)),
      ("namespace", namespace.isEmpty ? nil : .text(namespace)), ("process", .number(Int(process))),
      ("start", start.isEmpty ? nil : .text(start)),
    ]).yaml()
  }

  /// Reads what `text` writes; `InputError` for anything else.
  init(text: String, file: String) throws(InputError) {
    let mapping = try ConfigNode.parse(text, file: file).mapping(Self.keys)
    func word(_ key: String) throws(InputError) -> String { try mapping[key]?.string() ?? "" }
    host = try mapping.required("host", "the name of a machine").string()
    boot = try word("boot")
    namespace = try word("namespace")
    process = pid_t(try mapping.required("process", "the number of a process").int(1...Int(pid_t.max)))
    start = try word("start")
  }

  /// An identity from its parts.
  init(host: String, boot: String, namespace: String, process: pid_t, start: String) {
    self.host = host
    self.boot = boot
    self.namespace = namespace
    self.process = process
    self.start = start
  }

  // MARK: what the system tells

  private static var ownNamespace: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
  }

  /// The 22nd field of /proc/PID/stat; the second is a name in brackets that may hold blanks (proc(5)).
  private static func start(of process: pid_t) -> String {
    let fields = word("/proc/\(process)/stat")
    guard let bracket = fields.lastIndex(of: ")") else { return "" }
    let rest = fields[bracket...].split(separator: " ")
    return rest.count > 20 ? String(rest[20]) : ""
  }

  private static func word(_ path: String) -> String {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
