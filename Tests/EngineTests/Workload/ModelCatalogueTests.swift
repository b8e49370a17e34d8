import Testing

@testable import Engine

@Suite struct ModelCatalogueTests {
  private let nowhere = InputPlace(file: "test")

  @Test("every shipped model loads and has a source")
  func all() throws {
    let models = try Catalogue.models
    #expect(models.count >= 35)
    for model in models { #expect(!model.source.isEmpty, "\(model.name)") }
  }

  @Test(
    "parameter counts are those that the makers publish",
    arguments: [
      ("llama-2-7b", 6_738_415_616), ("llama-2-13b", 13_015_864_320), ("llama-2-70b", 68_976_648_192),
      ("llama-3-8b", 8_030_261_248), ("llama-3-70b", 70_553_706_496), ("llama-3.1-405b", 405_853_388_800),
      ("qwen-2.5-0.5b", 494_032_768), ("qwen-2.5-1.5b", 1_543_714_304), ("qwen-2.5-3b", 3_085_938_688),
      ("qwen-2.5-7b", 7_615_616_512), ("qwen-2.5-14b", 14_770_033_664), ("qwen-2.5-32b", 32_763_876_352),
      ("qwen-2.5-72b", 72_706_203_648), ("mistral-7b", 7_241_732_096), ("mpt-7b", 6_649_286_656),
      ("tii-falcon-7b", 6_921_720_704), ("gpt2", 124_439_808), ("gpt2-xl", 1_557_611_200),
    ] as [(String, Double)])
  func counts(_ name: String, _ parameters: Double) throws {
    let model = try Catalogue.model(named: name, at: nowhere)
    #expect(model.parameterCount(sequenceLength: 1024) == parameters)
  }

  @Test("a layer of gpt-1.3b has the bytes that the published prediction gives it")
  func paperLayer() throws {
    let model = try Catalogue.model(named: "gpt-1.3b", at: nowhere)
    #expect(2 * model.layerParameters / 1_048_576 == 96.015625)
    #expect(2 * model.headParameters / 1_048_576 == 196.5)
    #expect(model.positionParameters(sequenceLength: 2048) == 2048 * 2048)
  }

  @Test("biases and norms are counted: GPT-3 175B is 174.6 billion parameters")
  func biases() throws {
    let model = try Catalogue.model(named: "gpt-3-175b", at: nowhere)
    let billions = model.parameterCount(sequenceLength: 2048) / 1e9
    #expect(abs(billions - 174.6) < 0.05)
  }

  @Test("a misspelt model is answered with the nearest name")
  func suggestion() {
    #expect(throws: InputError.self) { try Catalogue.model(named: "lama-3-8b", at: nowhere) }
    do {
      _ = try Catalogue.model(named: "lama-3-8b", at: InputPlace(file: "w.yaml", line: 2, field: "model"))
    } catch {
      #expect("\(error)" == "w.yaml:2: model: no model is called 'lama-3-8b'; did you mean 'llama-3-8b'?")
    }
  }
}
