import Engine
import Foundation
import PTYSupport
import Testing

/// kill -9 at any moment: what is on the disk is whole, and no older than it may be.
@Suite("Explorer: kill -9")
struct ExplorerKillTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  /// 1,000 kills in all with BRUME_SLOW=1, on a machine that does little else.
  private static let roundsEach = isSlow ? 250 : 3
  /// What a kill may lose, beyond the disk's own time; the tests of every day run beside others.
  private static let mostLost = isSlow ? Duration.milliseconds(100) : .seconds(2)
  /// Rounds with one state folder: a session keeps 200 edits.
  private static let roundsAFolder = 12

  @Test(
    "a session resumes at the last change, on fast disks and slow ones", arguments: [(0, 1), (0, 2), (0, 3), (100, 4)])
  func kills(diskMilliseconds: Int, seed: UInt64) throws {
    var random = SyntheticPipelines.Sequence(seed: seed)
    var tally = KillTally()
    var disk = try TestDisk(milliseconds: diskMilliseconds)
    defer { disk.remove() }
    for round in 0..<Self.roundsEach {
      if round % Self.roundsAFolder == 0 {
        disk.remove()
        disk = try TestDisk(milliseconds: diskMilliseconds)
      }
      // A sync before this one, of the file and the folder, and its own.
      let most = Self.mostLost + .milliseconds(3 * diskMilliseconds)
      try KillRound(disk: disk, mostLost: most).run(&random, &tally)
    }
    if Self.isSlow { print("reliability: kill -9 with a disk of \(diskMilliseconds) ms: \(tally.words)") }
    #expect(tally.kills == Self.roundsEach && (tally.edits > 0 || !Self.isSlow))
  }
}

/// What many kills have shown.
struct KillTally {
  /// Kills.
  var kills = 0
  /// Edits and undos before them.
  var edits = 0
  /// Kills that lost a change, which was made just before.
  var losses = 0
  /// The age of the oldest change that was lost.
  var oldest = Duration.zero

  /// For people.
  var words: String {
    "\(kills) kills, \(edits) edits, \(losses) kills lost a change, the oldest \(Int(oldest / .milliseconds(1))) ms old"
  }
}

/// One explorer from its start to its end by kill -9.
struct KillRound {
  /// Where its session is.
  let disk: TestDisk
  /// The age that a lost change may have.
  let mostLost: Duration

  /// A history as the file tells it, and the moment of the key that made it so.
  private struct State: Equatable {
    var edits: Int
    var position: Int
    var since: ContinuousClock.Instant
  }

  /// Starts or resumes, edits, kills, and looks at what is there.
  func run(_ random: inout SyntheticPipelines.Sequence, _ tally: inout KillTally) throws {
    let before = try newest()
    let question = before == nil ? Explorer.tiny : ["--resume"]
    let session = try Explorer.start(question, environment: try disk.environment())
    var states = [
      State(edits: before?.edits.count ?? 0, position: before?.position ?? 0, since: .now)
    ]
    if Int.random(in: 0..<8, using: &random) == 0 {
      // Somewhere on the way to the first plan.
      _ = session.bytes(within: .milliseconds(Int.random(in: 0...150, using: &random)))
    } else {
      try session.wait(until: "the optimum", timeout: Explorer.searchPatience) { Explorer.isProved($0) }
      session.send("2jjj")
      session.settle()
      edit(session, &states, &random)
    }
    session.signal(SIGKILL)
    let end = ContinuousClock.now
    #expect(try session.waitForExit() == .signalled(SIGKILL))
    tally.kills += 1
    tally.edits += states.count - 1
    try look(states, end, isNew: before == nil, &tally)
  }

  /// Pins, frees and undoes for a while, at a person's pace and faster.
  private func edit(_ session: PTYSession, _ states: inout [State], _ random: inout SyntheticPipelines.Sequence) {
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      guard let last = states.last else { return }
      let undoes = last.position > 0 && Int.random(in: 0..<4, using: &random) == 0
      let position = last.position + (undoes ? -1 : 1)
      states.append(State(edits: undoes ? last.edits : position, position: position, since: .now))
      session.send(undoes ? "u" : "p")
      _ = session.bytes(within: .milliseconds(Int.random(in: 0...60, using: &random)))
    }
  }

  /// Every file is whole, and the newest is one of the states that it may be.
  private func look(
    _ states: [State], _ end: ContinuousClock.Instant, isNew: Bool, _ tally: inout KillTally
  ) throws {
    for file in disk.state.files { _ = try SessionFile.read(file) }
    guard let found = try newest() else {
      #expect(isNew && states.count == 1, "the session is gone")
      return
    }
    let index = states.lastIndex { ($0.edits, $0.position) == (found.edits.count, found.position) }
    guard let index else {
      Issue.record("\(found.edits.count) edits, at \(found.position): never a state of this session: \(states)")
      return
    }
    guard index + 1 < states.count else { return }
    let age = end - states[index + 1].since
    tally.losses += 1
    tally.oldest = max(tally.oldest, age)
    #expect(age < mostLost, "a change was lost that was \(age) old")
  }

  /// What `--resume` would go on with.
  private func newest() throws -> SessionFile? {
    let dates = try disk.state.files.map { file in
      (file, try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date ?? .distantPast)
    }
    return try dates.max { ($0.1, $0.0) < ($1.1, $1.0) }.map { try SessionFile.read($0.0) }
  }
}
