import Foundation
import Testing

@testable import brume

@Suite struct JSONWriterTests {
  @Test("a number reads back to the same double")
  func roundTrip() throws {
    for value in [
      .leastNonzeroMagnitude, 0.1, 1.0 / 3, 1e-7, 1.7976931348623157e308, 9.2689241, 24_146_608_128.0, -0.0, 1e16,
    ] {
      let text = JSONWriter().text(.number(value))
      #expect(Double(text)?.bitPattern == value.bitPattern)
      let parsed = try #require(try JSONSerialization.jsonObject(with: Data("[\(text)]".utf8)) as? [Double])
      #expect(parsed == [value])
    }
  }

  @Test("members keep their order, and what does not fit on a line is broken into one member a line")
  func layout() {
    let document: JSONValue = ["b": 1, "a": [1, 2], "c": [:], "d": nil]
    #expect(JSONWriter(width: 80).text(document) == #"{"b": 1, "a": [1, 2], "c": {}, "d": null}"#)
    #expect(
      JSONWriter(width: 16).text(document) == """
        {
          "b": 1,
          "a": [1, 2],
          "c": {},
          "d": null
        }
        """)
  }

  @Test("text is escaped so that a parser gives it back")
  func escapes() throws {
    let text = "a\"b\\c\nd\te\u{1}f\u{7f} ü 雾"
    let line = JSONWriter.line([.string(text)])
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String])
    #expect(parsed == [text])
  }

  @Test("what is not finite becomes null and is named by its path")
  func nonFinite() {
    let document: JSONValue = ["x": .number(.nan), "stages": [["t": 1], ["t": .number(.infinity)]]]
    let (clean, paths) = document.removingNonFinite()
    #expect(clean == ["x": nil, "stages": [["t": 1], ["t": nil]]])
    #expect(paths == ["x", "stages[1].t"])
  }
}
