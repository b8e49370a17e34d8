import Testing

@testable import Engine

/// Clusters out of saved outputs: what was seen, what was assumed, and what still holds of the base.
struct ClusterGuessTests {
  @Test("a DGX A100 is the node that ships, with its eight ports near the GPUs, not those of storage and Ethernet")
  func dgx() throws {
    let guess = try SavedMachine.dgxA100.guess()
    #expect(guess.base.name == "a100-80-sxm" && guess.cluster.label == "1x8 my-a100-80")
    #expect(guess.links.insideBytesPerSecond.value == 300e9)
    #expect(guess.links.fabricBytesPerSecond.value == 200e9)
    #expect(guess.cluster.nodeType.hostMemoryBytes.value == 2_113_483_432 * 1_024)
    #expect(guess.cluster.nodeType.hostMemoryBytes.provenance == .measured)
    #expect(guess.cluster.nodeType.gpu == guess.base.gpu)
    #expect(guess.warnings == [.portsLeftOut(["mlx5_4", "mlx5_5", "mlx5_10", "mlx5_11"])])
    #expect(guess.cluster.nodeType.interferenceOrigin == guess.base.interferenceOrigin)
  }

  @Test("an HGX H100 by its table, NVLinks and ibstat: 18 links, eight ports of 400 Gb/s, not the Ethernet one")
  func hgx() throws {
    let guess = try SavedMachine.hgxH100.guess()
    #expect(guess.base.name == "h100-sxm")
    #expect(guess.links.insideBytesPerSecond.value == 450e9 && guess.links.fabricBytesPerSecond.value == 400e9)
    #expect(guess.warnings == [.portsLeftOut(["mlx5_8"])])
  }

  @Test("without a fabric in sight, groups inside the node stay measured, those between nodes become assumed")
  func vm() throws {
    let guess = try SavedMachine.l4VM.guess()
    #expect(guess.base.name == "l4-vm")
    #expect(guess.links.measured.count == guess.base.links.measured.count)
    for (shape, link) in guess.links.measured {
      #expect(link.provenance == (shape.nodes > 1 ? .assumed : .measured))
      #expect(link.gibibytesPerSecond == guess.base.links.measured[shape]?.gibibytesPerSecond)
    }
    #expect(guess.links.fabricBytesPerSecond.provenance == .assumed)
    #expect(guess.cluster.nodeType.dollarsPerGPUHour?.provenance == .assumed)
    #expect(guess.warnings.contains(.fabricUnseen(base: "l4-vm")))
    #expect(guess.warnings.contains(.clocks(gpu: "l4", free: "l4-free-clock")))
    #expect(try SavedMachine.l4VM.guess(gpu: "l4-free-clock").cluster.nodeType.gpu.gemm.share.provenance == .measured)
  }

  @Test("the hybrid mesh of V100 has six links a GPU, and the old table's shortened name is known by its memory")
  func mesh() throws {
    let guess = try SavedMachine.p3V100.guess()
    #expect(guess.base.name == "v100-16-vm" && guess.links.insideBytesPerSecond.value == 150e9)
    #expect(guess.links.measured[GroupShape(nodes: 1, gpusPerNode: 4)]?.provenance == .measured)
  }

  @Test("on a PCIe node with bridges in pairs, pairs go over NVLink and larger groups over PCIe")
  func bridges() throws {
    let guess = try SavedMachine.bridges.guess()
    #expect(guess.base.name == "a100-40-vm" && guess.cluster.gpusPerNode == 4)
    #expect(guess.links.insideBytesPerSecond.value == 31.5e9)
    #expect(guess.links.fabricBytesPerSecond.value == 12.5e9)
    let pair = try #require(guess.links.measured[GroupShape(nodes: 1, gpusPerNode: 2)])
    let all = try #require(guess.links.measured[GroupShape(nodes: 1, gpusPerNode: 4)])
    #expect(pair.gibibytesPerSecond > 10 * all.gibibytesPerSecond)
    #expect(guess.links.measured.keys.allSatisfy { $0.nodes == 1 })
    #expect(guess.warnings.contains(.bridges(2)))
    // Another board: its kernels were never measured.
    #expect(guess.cluster.nodeType.gpu.gemm.share.provenance == .assumed)
    #expect(guess.cluster.nodeType.gpu.memoryBytes == guess.base.gpu.memoryBytes)
    #expect(HardwareOrigin(guess.cluster).summary == .assumed)
  }

  @Test("a machine that is the base in all that can be seen keeps every figure of it")
  func same() throws {
    let guess = try SavedMachine.g5A10G.guess()
    #expect(guess.links.measured == guess.base.links.measured)
    #expect(guess.links.collectiveShare == guess.base.links.collectiveShare)
    #expect(guess.cluster.nodeType.dollarsPerGPUHour == guess.base.dollarsPerGPUHour)
    #expect(guess.warnings.isEmpty)
  }

  @Test("Slurm on a login node: the largest kind of node that is up, of its features the memory; links are assumed")
  func slurm() throws {
    let guess = try SavedMachine.slurmLogin.guess()
    #expect(guess.cluster.label == "14x4 my-a100-80")
    #expect(guess.cluster.nodeType.hostMemoryBytes.value == 1_030_000 * 1_048_576)
    #expect(guess.cluster.nodeType.gpu.memoryBytes.provenance == .assumed)
    #expect(guess.links.insideBytesPerSecond.provenance == .assumed)
    // Half of the GPUs of the base have half of its fabric.
    #expect(guess.links.fabricBytesPerSecond.value == 100e9)
    #expect(guess.warnings.contains(.onlySlurm))
    #expect(guess.warnings.contains(.otherNodes(["6 nodes of 8 v100", "3 nodes of 8 h100, all down or drained"])))
    #expect(guess.warnings.contains(.unusable(count: 2, first: "gpua06")))
  }

  @Test("a compute node and Slurm together: the node's figures, and as many nodes as there are like it")
  func together() throws {
    let texts = [try SavedMachine.hgxH100.text(), try SavedMachine.slurmLogin.text()]
    let guess = try ClusterGuess(DetectedMachine(texts), at: InputPlace(file: "both"))
    #expect(guess.cluster.label == "3x8 my-h100")
    #expect(guess.warnings.contains(.allUnusable(3)))
    #expect(guess.links.fabricBytesPerSecond.value == 400e9)
  }

  @Test("Slurm's a100 without a memory is the smaller one, and the larger is named")
  func unsure() throws {
    let text = "NodeName=n1 Gres=gpu:a100:8 RealMemory=1000000 State=IDLE\n"
    let guess = try ClusterGuess(DetectedMachine([text]), at: InputPlace(file: "slurm"))
    #expect(guess.base.name == "a100-40-vm")
    #expect(guess.warnings.contains(.memoryUnsure(card: "a100", took: "a100-40", others: ["a100-80"])))
  }

  @Test("another fabric drops what was measured between nodes, and PCIe at half width halves what was inside")
  func differing() throws {
    let rows = String(repeating: "NVIDIA L4, 23034 MiB, 4, 8, 72.00 W\n", count: 8)
    let text =
      "name, memory.total [MiB], pcie.link.gen.max, pcie.link.width.max, power.limit [W]\n\(rows)"
      + "/sys/class/infiniband/mlx5_0/ports/1/rate:200 Gb/sec (4X HDR)\n"
    let guess = try ClusterGuess(DetectedMachine([text]), at: InputPlace(file: "l4"))
    #expect(guess.links.measured.keys.allSatisfy { $0.nodes == 1 })
    let pair = GroupShape(nodes: 1, gpusPerNode: 2)
    #expect(guess.links.measured[pair]?.gibibytesPerSecond == 2.964 / 2)
    #expect(guess.links.measured[pair]?.provenance == .derived)
    #expect(guess.links.hostToDevice.gibibytesPerSecond == guess.base.links.hostToDevice.gibibytesPerSecond / 2)
  }

  @Test("slices, virtual and unlike GPUs, and nothing at all are refused with what to do")
  func refused() throws {
    let mig = #expect(throws: InputError.self) { try SavedMachine.mig.guess() }
    #expect(mig?.description.contains("GPU 0, NVIDIA A100-SXM4-40GB, is cut into MIG slices") == true)
    func error(_ text: String) -> String {
      do {
        return "\(try ClusterGuess(DetectedMachine([text]), at: InputPlace(file: "x")).cluster.label)"
      } catch { return "\(error)" }
    }
    let heading = "name, memory.total [MiB]\n"
    #expect(error(heading + "GRID A100D-40C, 40960 MiB\n").contains("virtual GPU"))
    #expect(error(heading + "NVIDIA A40-48Q, 49152 MiB\n").contains("virtual GPU"))
    #expect(
      error(heading + "NVIDIA L4, 23034 MiB\nNVIDIA A10G, 23028 MiB\n").contains("1 x NVIDIA L4, 1 x NVIDIA A10G"))
    #expect(error("").contains("brume detect --script"))
    #expect(error("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.").contains("driver"))
    #expect(error("NodeName=n1 Gres=gpu:a100_3g.20gb:4 State=IDLE").contains("MIG"))
    #expect(error("NodeName=n1 Gres=gpu:a100:4,gpu:v100:4 State=IDLE").contains("several kinds"))
  }

  @Test("an unknown GPU is named with the known ones; --gpu starts from one of those and marks its figures assumed")
  func unknown() throws {
    let error = #expect(throws: InputError.self) { try SavedMachine.unknown.guess() }
    let text = error?.description ?? ""
    #expect(text.contains("NVIDIA RTX 6000 Ada Generation") && text.contains("h100-96") && text.contains("--gpu NAME"))
    let gpu = try SavedMachine.unknown.guess(gpu: "a100-40").cluster.nodeType.gpu
    #expect(gpu.name == "rtx-6000-ada" && gpu.memoryBytes.provenance == .derived)
    #expect(gpu.peakFlops.provenance == .assumed && gpu.gemm.share.provenance == .assumed)
    #expect(throws: InputError.self) { try SavedMachine.unknown.guess(gpu: "rtx") }
  }

  @Test("every file reads back as the cluster that it is of", arguments: SavedMachine.allCases)
  func readBack(_ machine: SavedMachine) throws {
    guard machine != .mig else { return }
    let guess = try machine.guess(gpu: machine == .unknown ? "l4" : nil)
    #expect(try guess.readBack() == guess.cluster)
  }

  @Test("outputs that are cut off or garbled give a cluster that reads back, or an error, and never a trap")
  func cut() throws {
    var random = SymbolicRandom(seed: 7)
    var clusters = 0
    for machine in SavedMachine.allCases {
      let bytes = Array(try machine.text().utf8)
      for round in 0..<90 {
        var piece = Array(bytes[..<Int.random(in: 0...bytes.count, using: &random)])
        if round % 2 == 1 { piece.removeFirst(min(piece.count, Int.random(in: 0...bytes.count, using: &random) / 2)) }
        if round % 3 == 2 {
          for _ in 0..<20 where !piece.isEmpty {
            piece[Int.random(in: 0..<piece.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
          }
        }
        if round % 5 == 4 {
          let at = Int.random(in: 0...piece.count, using: &random)
          piece.insert(contentsOf: Array(String(repeating: "9", count: round).utf8), at: at)
        }
        let read = DetectedMachine([String(decoding: piece, as: UTF8.self)])
        guard let guess = try? ClusterGuess(read, at: InputPlace(file: "cut")) else { continue }
        clusters += 1
        #expect(try guess.readBack() == guess.cluster, "\(machine) round \(round)")
      }
    }
    #expect(clusters > 200)
  }
}
