import Testing

@testable import Engine

@Suite struct InterferenceTests {
  @Test("channels that do not disturb each other take as long as the longest")
  func none() {
    #expect(Interference.none.elapsed([3, 2, 1, 0.5]) == 3)
  }

  @Test("two channels slow each other down until the shorter one is done")
  func pair() throws {
    var published = [Double](repeating: 1, count: 28)
    published[16] = 1.5  // pair (C, N): compute
    published[17] = 2  // pair (C, N): collective
    let interference = try #require(Interference(published: published))
    // Both run until min(3*1.5, 1*2) = 2 s; compute has done 2/1.5 of its 3 s, then runs alone.
    #expect(abs(interference.elapsed([3, 1, 0, 0]) - (2 + 3 - 2 / 1.5)) < 1e-12)
  }
}
