import Foundation

/// What a program sends for something that a person does.
public struct PTYAnswer: Sendable {
  /// Bytes, of all frames.
  public var bytes: Int
  /// Seconds to the first byte; nil where none came.
  public var firstSeconds: Double?
  /// Seconds to the last byte; nil where none came.
  public var lastSeconds: Double?
}

extension PTYSession {
  /// Does something, reads until nothing has come for `quiet`, and says how much came and when.
  ///
  /// - Parameter patience: how long to wait at most.
  public func answer(
    quiet: Duration = .milliseconds(90), patience: Duration = .seconds(60), to action: () -> Void
  ) -> PTYAnswer {
    let before = output.count
    let start = ContinuousClock.now
    action()
    var answer = PTYAnswer(bytes: 0)
    var lastByte = start
    while ContinuousClock.now - max(start, lastByte) < quiet, ContinuousClock.now - start < patience {
      guard readSome(milliseconds: 5), let moment = lastByteAt else { continue }
      lastByte = moment
      answer.firstSeconds = answer.firstSeconds ?? (moment - start) / .seconds(1)
      answer.lastSeconds = (moment - start) / .seconds(1)
    }
    answer.bytes = output.count - before
    return answer
  }
}
