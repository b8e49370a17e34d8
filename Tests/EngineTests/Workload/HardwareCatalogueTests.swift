import Testing

@testable import Engine

@Suite struct HardwareCatalogueTests {
  private let nowhere = InputPlace(file: "test")

  @Test("every shipped GPU loads, with a source for every figure")
  func gpus() throws {
    let gpus = try Catalogue.gpus
    #expect(
      gpus.map(\.name) == [
        "l4", "l4-free-clock", "a10g", "a100-40", "a100-80", "v100-16", "v100-32", "h100", "h100-96", "h200", "b200",
      ])
    for gpu in gpus {
      let figures = [
        gpu.memoryBytes, gpu.peakFlops, gpu.memoryBandwidth, gpu.gemm.share, gpu.gemm.halfDepth, gpu.gemm.waveElements,
        gpu.flashForwardShare, gpu.flashBackwardShare, gpu.flashHalfSequence, gpu.elementwiseShare, gpu.launchSeconds,
        gpu.contextBytes, gpu.communicatorBytes, gpu.fp8Flops, gpu.power?.productShare, gpu.power?.memoryPart,
      ].compactMap(\.self)
      for figure in figures { #expect(figure.source.count > 4, "\(gpu.name)") }
      // A limit that no product reaches would never hold.
      if let power = gpu.power { #expect(power.productShare.value <= gpu.gemm.share.value, "\(gpu.name)") }
      #expect(gpu.memoryBytes.value > 15e9 && gpu.contextBytes.value < 0.1 * gpu.memoryBytes.value)
    }
  }

  @Test("the GEMM curve of the L4 gives the sustained rates that were measured")
  func gemm() throws {
    let gpu = try Catalogue.gpu(named: "l4", at: nowhere)
    let rate = gpu.peakFlops.value * gpu.gemm.share.value * 2048 / (2048 + gpu.gemm.halfDepth.value)
    #expect(abs(rate / 54.5e12 - 1) < 0.01)
  }

  @Test("every shipped node type loads, with a source for every figure, under its name and its alias")
  func nodeTypes() throws {
    let types = try Catalogue.nodeTypes
    #expect(types.count == 12)
    for type in types {
      let links = type.links
      let figures = [
        type.interferenceOrigin, type.hostMemoryBytes, links.insideBytesPerSecond, links.fabricBytesPerSecond,
        links.collectiveShare, links.insideLatencySeconds, links.fabricLatencySeconds,
      ]
      for figure in figures { #expect(figure.source.count > 4, "\(type.name)") }
      #expect(!links.hostSource.isEmpty && !links.measuredSource.isEmpty)
      #expect(try Catalogue.nodeType(named: type.name, at: nowhere) == type)
      for alias in Catalogue.aliases(of: type.name) {
        #expect(try Catalogue.nodeType(named: alias, at: nowhere) == type)
      }
    }
    #expect(Catalogue.aliases(of: "h100-sxm") == ["h100"])
  }

  @Test("the link tables and factors are those that were published")
  func published() throws {
    let l4 = try Catalogue.nodeType(named: "l4", at: nowhere)
    #expect(l4.links.measured[GroupShape(nodes: 2, gpusPerNode: 8)]?.gibibytesPerSecond == 3.3215)
    #expect(l4.links.measured[GroupShape(nodes: 4, gpusPerNode: 1)]?.latencySeconds == 1.02e-2)
    #expect(l4.links.deviceToHost.gibibytesPerSecond == 6.1252)
    let a100 = try Catalogue.nodeType(named: "a100-40", at: nowhere)
    #expect(a100.links.measured.count == 11)
    #expect(a100.links.measured[GroupShape(nodes: 1, gpusPerNode: 8)]?.gibibytesPerSecond == 210.31)
    // Pair (N, H): set 1 << 1 | 1 << 2 = 6, channels 1 and 2.
    #expect(a100.interference.factors[6 * 4 + 1] == 1.5508 && a100.interference.factors[6 * 4 + 2] == 1.0972)
    #expect(l4.interference.factors[15 * 4 + 2] == 50 && l4.interference.factors[15 * 4 + 3] == 1.6046)
    let v100 = try Catalogue.nodeType(named: "v100-32", at: nowhere)
    #expect(v100.interferenceOrigin.provenance == .assumed)
  }

  @Test("an unknown GPU or node type is answered with the nearest name")
  func unknown() {
    #expect(throws: InputError.self) { try Catalogue.gpu(named: "h1000", at: nowhere) }
    do {
      _ = try Catalogue.nodeType(named: "h100-sxn", at: InputPlace(file: "w", line: 3, field: "cluster.node"))
    } catch {
      #expect("\(error)" == "w:3: cluster.node: no node type is called 'h100-sxn'; did you mean 'h100-sxm'?")
    }
  }
}
