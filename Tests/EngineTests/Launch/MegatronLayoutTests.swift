import Testing

@testable import Engine

/// The grammar of `--pipeline-model-parallel-layout`.
@Suite struct MegatronLayoutTests {
  private let place = InputPlace(file: "train.sh", line: 3)

  @Test(
    "layouts and the layers of their parts",
    arguments: [
      ("EttL", [2]), ("Et|tL", [1, 1]), ("Et*3|t*4|t*5L", [3, 4, 5]), ("E|t|L", [0, 1, 0]),
      ("Ettt|(tt|)*3,L", [3, 2, 2, 2, 0]), ("E(t)*2|(t|t)*2L", [2, 1, 2, 1]), ("Et*0|tL", [0, 1]),
      ("Et,t|||tL", [2, 0, 0, 1]), ("Et|*2t*10L", [1, 0, 10]),
    ])
  func layers(text: String, layers: [Int]) throws {
    #expect(try MegatronLayout.layers(text, at: place) == layers)
  }

  @Test("layouts of plans are read back")
  func roundTrip() throws {
    for layers in [[1], [3, 1], [1, 1, 1], [10, 12, 9, 1]] {
      #expect(try MegatronLayout.layers(MegatronLayout.text(layers), at: place) == layers)
    }
    #expect(MegatronLayout.text([3, 1, 4]) == "Et*3|t|t*4L")
  }

  @Test(
    "what is no layout is refused where it stands",
    arguments: [
      "", "E", "L", "ttt", "tEL", "EtLt", "EtL|t", "EtmL", "ExL", "E(tL", "Et)L", "E((t)*2)*2L", "E(t)L", "E*", "Et*L",
      "*3EtL", "Et*99999999999999999999L", "Et*200001L", "E(t*1000)*1000L", "Et*2*2L", "E()*3*2tL", "Et*-1L",
    ])
  func refused(text: String) {
    #expect(throws: InputError.self) { try MegatronLayout.layers(text, at: place) }
  }
}
