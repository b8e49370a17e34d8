extension RunRecord {
  /// Where the publication of the run can be read, as its table of measured runs says; nil where that does not ship.
  ///
  /// Complexity: looks into the start of one shipped file.
  public var address: String? {
    guard let text = ShippedFiles.text("samples/measured/\(source).jsonl"),
      let mark = text.prefix(4096).firstRange(of: "\"url\": \"")
    else { return nil }
    return String(text[mark.upperBound...].prefix { $0 != "\"" && $0 != "\n" })
  }
}
