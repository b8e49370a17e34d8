import Testing

@testable import brume

@Suite struct DecimalsTests {
  @Test(
    "fixed decimals round half away from zero and keep their zeros",
    arguments: [
      (1.005, 1, "1.0"), (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (-0.25, 1, "-0.3"),
      (12, 0, "12"), (3, 3, "3.000"),
    ])
  func fixed(value: Double, decimals: Int, text: String) {
    #expect(Decimals.fixed(value, decimals) == text)
  }

  @Test(
    "significant digits follow the magnitude",
    arguments: [
      (62.3149, 4, "62.31"), (0.012345, 3, "0.0123"), (1234.5, 3, "1235"),
      (0, 3, "0"), (9.2689241, 6, "9.26892"),
    ])
  func significant(value: Double, digits: Int, text: String) {
    #expect(Decimals.significant(value, digits) == text)
  }

  @Test(
    "what is left is rounded down: nothing that lacks a little looks as if it fits",
    arguments: [(0.059, "0.05"), (0.999, "0.99"), (1.5, "1.50"), (0, "0.00"), (-0.001, "-0.01")])
  func spare(gibibytes: Double, text: String) {
    #expect(Decimals.spareGibibytes(gibibytes * 1_073_741_824) == text)
  }

  @Test(
    "counts carry a prefix",
    arguments: [(950, "950"), (33_749, "33.7 k"), (1_210_000, "1.21 M"), (2.4e12, "2.40 T")])
  func counts(value: Double, text: String) {
    #expect(Decimals.count(value) == text)
  }

  @Test("a value that is not finite is a dash, never a crash")
  func nonFinite() {
    #expect(Decimals.fixed(.nan, 2) == "-")
    #expect(Decimals.significant(-.infinity, 3) == "-")
    #expect(Decimals.gibibytes(1.5 * 1_073_741_824, 1) == "1.5")
  }
}
