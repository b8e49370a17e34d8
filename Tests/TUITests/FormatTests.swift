import Testing

@testable import TUI

@Suite struct FormatTests {
  @Test("numbers have their decimals, no negative zero, and say when they are none")
  func fixed() {
    #expect(Format.fixed(1.005, decimals: 1) == "1.0")
    #expect(Format.fixed(-0.04, decimals: 1) == "0.0")
    #expect(Format.fixed(-2.25, decimals: 1) == "-2.3")
    #expect(Format.fixed(0.05, decimals: 3) == "0.050")
    #expect(Format.fixed(.nan, decimals: 1) == "n/a")
    #expect(Format.fixed(.infinity, decimals: 1) == "n/a")
  }

  @Test("a step time has four digits at every size")
  func step() {
    let texts = [0.4312, 9.9996, 62.3149, 99.996, 123.44, 1234.4].map(Format.stepSeconds)
    #expect(texts == ["0.431 s", "10.00 s", "62.31 s", "100.0 s", "123.4 s", "1234 s"])
  }

  @Test("differences have a sign and the decimals of what they are against")
  func difference() {
    #expect(Format.gibibyteDifference(-1.25e9) == "-1.2 GiB" && Format.gibibyteDifference(1.25e9) == "+1.2 GiB")
    #expect(Format.gibibyteDifference(-1e7) == "+0.0 GiB")
    #expect(Format.stepDifference(-4.1, reference: 66.4) == "-4.10 s")
    #expect(Format.stepDifference(0.001, reference: 66.4) == "+0.00 s")
    #expect(Format.stepDifference(-0.001, reference: 66.4) == "+0.00 s")
    #expect(Format.stepDifference(12.34, reference: 123.4) == "+12.3 s")
  }

  @Test("spare memory is rounded down, so that what is over never looks as if it fitted")
  func spare() {
    let gib = Format.gibibyte
    #expect(Format.spareGibibytes(0.069 * gib) == "0.06")
    #expect(Format.spareGibibytes(-0.001 * gib) == "-0.01")
    #expect(Format.spareGibibytes(0.999 * gib) == "0.99")
    #expect(Format.spareGibibytes(-1.01 * gib) == "-1.1")
    #expect(Format.spareGibibytes(1.9 * gib) == "1.9")
  }

  @Test("counts and durations stay short")
  func counts() {
    #expect([999, 33_712, 1_234_567, 2.1e9, 5e12].map(Format.count) == ["999", "33.7 k", "1.2 M", "2.1 G", "5.0 T"])
    #expect([1.44, 99.94, 200].map(Format.elapsed) == ["1.4 s", "99.9 s", "3 min 20 s"])
  }
}
