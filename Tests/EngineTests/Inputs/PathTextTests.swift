import Testing

@testable import Engine

@Suite struct PathTextTests {
  @Test(
    "the folder of a path is what stands before its last name",
    arguments: [
      ("a/b/c", "a/b"), ("a/b/", "a"), ("a//b", "a"), ("/a", "/"), ("//a", "/"), ("/", "/"), ("//", "/"), ("a", ""),
      ("a/", ""), ("", ""), (".", ""), ("é/漢", "é"), ("/tmp/x.yaml", "/tmp"), ("a/\u{300}", "a"),
    ])
  func folders(path: String, folder: String) {
    #expect(PathText.folder(of: path) == folder)
  }

  @Test("a cluster's file may have a name of one letter")
  func oneLetter() {
    // Foundation ends the process for it; here it is a file that there is not.
    let error = #expect(throws: InputError.self) {
      try InputDocument.load("gpt-1.3b-2xl4", set: ["cluster=2x4x./a"])
    }
    #expect(error?.description.contains("no such file") == true, "\(String(describing: error))")
  }
}
