import Foundation

/// An OpenSSH server of its own on the loopback address: with its own keys, configuration and port, stopped and removed
/// with this object.
///
/// It lets in the user that runs it, by a key that nobody else has, and runs without touching the machine's own server.
/// OpenSSH run by root wants the directory /run/sshd, which is made where it is missing.
public final class LoopbackServer {
  private let folder: URL
  private let server: Process
  private let port: Int

  /// Why there is none.
  public enum Failure: Error, CustomStringConvertible {
    /// A program is not on this machine.
    case missing(String)
    /// It did not start; what it said.
    case didNotStart(String)

    /// For people.
    public var description: String {
      switch self {
      case .missing(let program):
        "no \(program) on this machine (Debian: apt-get install openssh-server openssh-client)"
      case .didNotStart(let text): "the OpenSSH server did not start: \(text)"
      }
    }
  }

  /// Starts a server and waits until it listens.
  public init() throws {
    let programs = try Dictionary(
      uniqueKeysWithValues: ["sshd", "ssh", "ssh-keygen"].map { ($0, try Self.program($0)) })
    folder = FileManager.default.temporaryDirectory.appending(path: "brume-ssh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    port = Int.random(in: 20_000..<60_000)
    server = Process()
    for key in ["host", "user"] {
      let path = folder.appending(path: key).path
      try Self.run(programs["ssh-keygen"], ["-q", "-t", "ed25519", "-N", "", "-f", path])
    }
    if geteuid() == 0 {
      try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
    }
    try Data(Self.configuration(folder.path, port: port).utf8).write(to: folder.appending(path: "config"))
    server.executableURL = programs["sshd"]
    server.arguments = ["-D", "-f", folder.appending(path: "config").path, "-E", folder.appending(path: "log").path]
    try server.run()
    for _ in 0..<100 where !isListening { usleep(50_000) }
    guard isListening else { throw Failure.didNotStart(log) }
  }

  deinit {
    if server.isRunning { server.terminate() }
    try? FileManager.default.removeItem(at: folder)
  }

  /// The client, and its arguments, that run a command on a terminal of the server.
  public func command(_ words: [String]) -> (program: String, arguments: [String]) {
    let quoted = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
    return ("/usr/bin/ssh", ["-tt"] + options + ["exec env LANG=C.UTF-8 HOME='\(folder.path)' " + quoted])
  }

  private var options: [String] {
    let settings = [
      "StrictHostKeyChecking=no", "UserKnownHostsFile=\(folder.path)/known", "IdentitiesOnly=yes", "LogLevel=ERROR",
      "EscapeChar=none",
    ]
    return ["-F", "/dev/null", "-p", "\(port)", "-i", "\(folder.path)/user"] + settings.flatMap { ["-o", $0] }
      + ["\(NSUserName())@127.0.0.1"]
  }

  private var isListening: Bool { server.isRunning && log.contains("Server listening") }

  private var log: String {
    (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "it said nothing"
  }

  private static func configuration(_ folder: String, port: Int) -> String {
    """
    Port \(port)
    ListenAddress 127.0.0.1
    HostKey \(folder)/host
    PidFile none
    AuthorizedKeysFile \(folder)/user.pub
    StrictModes no
    UsePAM no
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    PrintMotd no
    PrintLastLog no

    """
  }

  private static func program(_ name: String) throws -> URL {
    let places = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"].map { "\($0)/\(name)" }
    guard let path = places.first(where: FileManager.default.isExecutableFile) else { throw Failure.missing(name) }
    return URL(filePath: path)
  }

  @discardableResult
  private static func run(_ program: URL?, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
