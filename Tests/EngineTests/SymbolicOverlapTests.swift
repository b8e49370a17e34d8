import Testing

@testable import Engine

@Suite("Symbolic overlap") struct SymbolicOverlapTests {
  let graph = ExpressionGraph()
  var channels: [Expression] { ["c", "n", "h", "d"].map { graph.variable($0) } }

  private func overlap(_ channels: [Expression], _ interference: Interference) -> Expression {
    .overlap(
      compute: channels[0], collective: channels[1], hostToDevice: channels[2], deviceToHost: channels[3],
      interference: interference)
  }

  private func interference(_ random: inout SymbolicRandom) throws -> Interference {
    let interference = random.interference()
    return try #require(interference)
  }

  @Test("the closed form equals the phase by phase algorithm, with zeros and ties (100 tables x 1,000 times)")
  func againstPhases() throws {
    var random = SymbolicRandom(seed: 20)
    for _ in 0..<100 {
      let interference = try interference(&random)
      let tape = Tape(outputs: [overlap(channels, interference)], inputs: channels)
      let (inputs, outputs) = (Columns(rows: 1000, columns: 4), Columns(rows: 1000, columns: 1))
      for row in 0..<1000 {
        for (channel, time) in random.times().enumerated() { inputs[row, channel] = time }
      }
      tape.evaluate(inputs, into: outputs)
      var worst = 0.0
      for row in 0..<1000 {
        let times = SIMD4(inputs[row, 0], inputs[row, 1], inputs[row, 2], inputs[row, 3])
        let expected = interference.elapsed(times)
        worst = max(worst, expected == 0 ? outputs[row, 0] : abs(outputs[row, 0] - expected) / expected)
      }
      #expect(worst < 1e-12)
    }
  }

  @Test("a channel that is the constant 0 drops out and leaves the bits of a channel that happens to be 0")
  func constantZero() throws {
    var random = SymbolicRandom(seed: 21)
    for _ in 0..<300 {
      let interference = try interference(&random)
      let general = Tape(outputs: [overlap(channels, interference)], inputs: channels)
      for live in 0..<16 {
        var times = random.times()
        for channel in 0..<4 where live >> channel & 1 == 0 { times[channel] = 0 }
        let fixed = channels.enumerated().map { live >> $0.offset & 1 == 1 ? $0.element : graph.constant(0) }
        let special = Tape(outputs: [overlap(fixed, interference)], inputs: channels)
        #expect(special.evaluate(times).map(\.bitPattern) == general.evaluate(times).map(\.bitPattern))
      }
    }
  }

  @Test("blocks in which channels have no time at all give the bits of single configurations")
  func zeroBlocks() throws {
    var random = SymbolicRandom(seed: 23)
    let interference = try interference(&random)
    let zero = graph.constant(0)
    for missing in -1..<4 {
      var arguments = channels
      if missing >= 0 { arguments[missing] = zero }
      let tape = Tape(outputs: [overlap(arguments, interference)], inputs: channels)
      for live in 0..<16 {
        // Block 0 has the same channels without time in all rows, block 1 only in some.
        let (inputs, outputs) = (Columns(rows: 256, columns: 4), Columns(rows: 256, columns: 1))
        for row in 0..<256 {
          for channel in 0..<4 where live >> channel & 1 == 1 || (row > 127 && random.once(in: 2)) {
            inputs[row, channel] = .random(in: 0.1...1, using: &random)
          }
        }
        tape.evaluate(inputs, into: outputs)
        for row in stride(from: 0, to: 256, by: 5) {
          var times = SIMD4(inputs[row, 0], inputs[row, 1], inputs[row, 2], inputs[row, 3])
          #expect(tape.evaluate([times[0], times[1], times[2], times[3]]) == [outputs[row, 0]])
          if missing >= 0 { times[missing] = 0 }
          #expect(isClose(outputs[row, 0], interference.elapsed(times), 1e-12))
        }
      }
    }
  }

  @Test("no instruction for none or one live channel; the opcode follows the number of live ones")
  func specialisation() throws {
    let interference = try #require(Interference(published: [Double](repeating: 1.5, count: 28)))
    let zero = graph.constant(0)
    let (c, n, h, d) = (channels[0], channels[1], channels[2], channels[3])
    #expect(overlap([zero, zero, zero, zero], interference).constantValue == 0)
    #expect(overlap([zero, n, zero, zero], interference) == n)
    func opcode(_ channels: [Expression]) -> Opcode? {
      Tape(outputs: [overlap(channels, interference)], inputs: self.channels).instructions.first?.opcode
    }
    #expect(opcode([c, zero, zero, d]) == .overlapPair)
    #expect(opcode([c, n, zero, d]) == .overlapTriple)
    #expect(opcode([c, n, h, d]) == .overlapQuad)
    let constants = [1.0, 2, 0, 4].map { graph.constant($0) }
    #expect(overlap(constants, interference).constantValue == interference.elapsed([1, 2, 0, 4]))
  }

  @Test("channels that do not disturb each other take exactly as long as the longest")
  func none() {
    let tape = Tape(outputs: [overlap(channels, .none)], inputs: channels)
    #expect(tape.instructions.allSatisfy { $0.opcode == .maximum })
    #expect(tape.evaluate([3, 2, 1, 0.5]) == [3])
    #expect(tape.evaluate([0.1, 0.2, 0.3, 0.7]) == [0.7])
  }

  @Test("two channels by hand: both at their rates until one is done, then the other alone")
  func byHand() throws {
    var published = [Double](repeating: 1, count: 28)
    published[16] = 1.5  // pair (C, N): compute
    published[17] = 2  // pair (C, N): collective
    let interference = try #require(Interference(published: published))
    let zero = graph.constant(0)
    let pair = overlap([channels[0], channels[1], zero, zero], interference)
    let tape = Tape(outputs: [pair], inputs: Array(channels.prefix(2)))
    // Both run until min(3 * 1.5, 1 * 2) = 2 s; compute has done 2 / 1.5 of its 3 s, then runs alone.
    #expect(isClose(tape.evaluate([3, 1])[0], 2 + 3 - 2 / 1.5, 1e-15))
    #expect(tape.evaluate([3, 0]) == [3] && tape.evaluate([0, 0]) == [0])
  }

  @Test("equal overlaps are one node, and unlike tables are not mixed up")
  func tables() throws {
    var random = SymbolicRandom(seed: 22)
    let (one, other) = (try interference(&random), try interference(&random))
    #expect(overlap(channels, one) == overlap(channels, one))
    #expect(overlap(channels, one) != overlap(channels, other))
    let outputs = [overlap(channels, one), overlap(channels, other), overlap(channels.reversed(), one)]
    let tape = Tape(outputs: outputs, inputs: channels)
    let results = tape.evaluate([0.4, 0.3, 0.2, 0.6])
    #expect(isClose(results[0], one.elapsed([0.4, 0.3, 0.2, 0.6]), 1e-12))
    #expect(isClose(results[1], other.elapsed([0.4, 0.3, 0.2, 0.6]), 1e-12))
    #expect(isClose(results[2], one.elapsed([0.6, 0.2, 0.3, 0.4]), 1e-12))
  }
}
