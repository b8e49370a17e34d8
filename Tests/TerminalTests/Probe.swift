import PTYSupport

/// Starts the probe and waits for its first frame.
func startProbe(
  width: Int = 80, height: Int = 24, terminal: String = "xterm-256color", environment: [String: String] = [:]
) throws -> PTYSession {
  let session = try PTYSession(
    "term-probe", width: width, height: height, terminal: terminal, environment: environment)
  try session.wait(until: "the last row") { $0.line(height - 1).hasPrefix("end") }
  return session
}
