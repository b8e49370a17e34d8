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
}
