import Testing

@testable import Engine

/// What each output says, read by itself.
struct DetectParserTests {
  @Test("the query takes columns in any order, and what a driver does not support is not known")
  func query() {
    let text =
      "index, power.limit [W], name, memory.total [MiB], pcie.link.gen.max\n0, [N/A], NVIDIA L4, 23034 MiB, 4\n"
    let gpus = NvidiaSMI(SavedOutput(text)).gpus
    #expect(gpus.count == 1 && gpus[0].name == "NVIDIA L4" && gpus[0].memoryBytes == 23_034 * 1_048_576)
    #expect(gpus[0].powerLimitWatts == nil && gpus[0].pcieGeneration == 4 && gpus[0].pcieWidth == nil)
  }

  @Test("the table, the long form and the list tell the same of a machine")
  func forms() throws {
    let table = try SavedMachine.hgxH100.machine()
    #expect(table.gpus.count == 8 && table.counts == [8])
    #expect(table.gpus[7].name == "NVIDIA H100 80GB HBM3" && table.gpus[7].memoryBytes == 81_559 * 1_048_576)
    #expect(table.gpus[7].powerLimitWatts == 700)
    let long = try SavedMachine.g5A10G.machine().gpus
    #expect(long.count == 8 && long[3].usableBytes == (23_028 - 296) * 1_048_576)
    #expect(long[3].pcieGeneration == 4 && long[3].pcieWidth == 16 && long[3].powerLimitWatts == 300)
    #expect(try SavedMachine.dgxA100.machine().gpus[0].usableBytes == (81_920 - 770) * 1_048_576)
  }

  @Test("forms that name unlike numbers of GPUs: the largest is taken, and it is told")
  func counts() throws {
    let text = "name, memory.total [MiB]\nNVIDIA L4, 23034 MiB\n"
    let list = "GPU 0: NVIDIA L4 (UUID: GPU-1)\nGPU 1: NVIDIA L4 (UUID: GPU-2)\n"
    let guess = try ClusterGuess(DetectedMachine([text, list]), at: InputPlace(file: "x"))
    #expect(guess.cluster.gpusPerNode == 2 && guess.warnings.contains(.countsDiffer([1, 2])))
  }

  @Test("a matrix with colours, adapters and a legend: NVLinks, islands, and adapters near GPUs by their names")
  func topology() throws {
    let dgx = try #require(try SavedMachine.dgxA100.machine().topology)
    #expect(dgx.gpuCount == 8 && dgx.islands == [8] && dgx.nvlinks(of: 3) == Array(repeating: 12, count: 7))
    #expect(dgx.adapters.count == 12 && dgx.nearAdapters.count == 8 && !dgx.nearAdapters.contains("mlx5_4"))
    let pairs = try #require(try SavedMachine.bridges.machine().topology)
    #expect(pairs.islands == [2, 2] && pairs.crossesHost && pairs.nearAdapters.isEmpty)
    let mesh = try #require(try SavedMachine.p3V100.machine().topology)
    #expect(mesh.islands == [8] && mesh.nvlinks(of: 0).reduce(0, +) == 6)
  }

  @Test("NVLinks are counted as the vendor does, and of a GPU with a broken link the fewest hold")
  func nvlinks() {
    let text =
      "GPU 0: A (UUID: x)\n\t Link 0: 26.562 GB/s\n\t Link 1: 26.562 GB/s\nGPU 1: A (UUID: y)\n"
      + "\t Link 0: 26.562 GB/s\n\t Link 1: <inactive>\n"
    #expect(NVLinkStatus.links(SavedOutput(text)) == NVLinkStatus.Links(count: 1, bytesPerSecond: 25e9))
    #expect(NVLinkStatus.links(SavedOutput("Link 0: 25 GB/s")) == nil)
  }

  @Test("ports by files of /sys, by ibstat and by ibv_devinfo; down ones and Ethernet beside InfiniBand do not count")
  func ports() throws {
    #expect(FabricPorts(try SavedMachine.dgxA100.machine()).words == "8 ports of 200 Gb/s InfiniBand")
    #expect(FabricPorts(try SavedMachine.hgxH100.machine()).words == "8 ports of 400 Gb/s InfiniBand")
    #expect(FabricPorts(try SavedMachine.bridges.machine()).words == "1 port of 100 Gb/s InfiniBand")
    #expect(FabricPorts(try SavedMachine.g5A10G.machine()).words == "1 port of 100 Gb/s RDMA")
    // A login node's own port says nothing of the nodes.
    let login = "/sys/class/infiniband/a/ports/1/rate:100 Gb/sec\nMemTotal: 64000000 kB\n"
    let slurm = try ClusterGuess(
      DetectedMachine([login, try SavedMachine.slurmLogin.text()]), at: InputPlace(file: "login"))
    #expect(slurm == (try SavedMachine.slurmLogin.guess()))
    let gpu = "name, memory.total [MiB]\nNVIDIA L4, 23034 MiB\n"
    let roce =
      gpu + "/sys/class/infiniband/a/ports/1/rate:100 Gb/sec\n/sys/class/infiniband/a/ports/1/link_layer:Ethernet\n"
    #expect(FabricPorts(DetectedMachine([roce])).words == "1 port of 100 Gb/s RoCE")
  }

  @Test("Slurm's nodes: alike ones together, drained ones apart, words in reasons and comments are no fields")
  func slurm() throws {
    let slurm = try SavedMachine.slurmLogin.machine().slurm
    #expect(slurm.groups.map(\.gpuType) == ["a100", "v100", "h100"] && slurm.nodesWithoutGPUs == 4)
    #expect(slurm.groups.map(\.usable.count) == [14, 6, 0] && slurm.groups.map(\.unusable.count) == [2, 0, 3])
    #expect(slurm.groups[0].unusable == ["gpua06", "gpua12"])
  }

  @Test("Slurm's one-line form, GPUs without a type, and indices in brackets")
  func slurmForms() {
    let text =
      "NodeName=a Gres=gpu:8(S:0-1) RealMemory=500000 State=IDLE Features=x\n"
      + "NodeName=b Gres=nvme:1,gpu:tesla_v100-sxm2-32gb:4(IDX:0,2-3) RealMemory=500000 State=MIXED\n"
    let groups = SlurmNodes(SavedOutput(text)).groups
    #expect(groups.map(\.gpus) == [8, 4] && groups.map(\.gpuType) == ["", "tesla_v100-sxm2-32gb"])
    #expect(GPUMatch(slurm: groups[1].words)?.name == "v100-32")
  }

  @Test(
    "cards by their names",
    arguments: [
      ("NVIDIA A100-SXM4-80GB", 81_920.0, "a100-80", true), ("A100-SXM4-40GB", 40_536, "a100-40", true),
      ("NVIDIA A100 80GB PCIe", 81_920, "a100-80", false), ("NVIDIA A100 80G...", 81_920, "a100-80", false),
      ("NVIDIA H100 PCIe", 81_559, "h100", false), ("NVIDIA H100 NVL", 95_830, "h100-96", false),
      ("NVIDIA H200", 143_771, "h200", true), ("NVIDIA B200", 183_359, "b200", true),
      ("NVIDIA A800-SXM4-80GB", 81_920, "a100-80", false), ("NVIDIA A100-SXM-64GB", 65_536, "a100-80", false),
      ("Tesla V100-SXM2-32GB", 32_510, "v100-32", true), ("Tesla V100-PCIE-16GB", 16_160, "v100-16", false),
    ])
  func cards(_ name: String, _ mebibytes: Double, _ gpu: String, _ isExact: Bool) throws {
    let match = try #require(GPUMatch(name, memoryBytes: mebibytes * 1_048_576))
    #expect(match.name == gpu && match.isExact == isExact)
    #expect(try Catalogue.gpus.contains { $0.name == match.name })
  }

  @Test("cards that are not in the catalogue are not taken for others")
  func strangers() {
    for name in [
      "NVIDIA L40S", "NVIDIA A10", "NVIDIA A40", "Tesla T4", "NVIDIA GeForce RTX 4090", "NVIDIA GH200 480GB",
    ] {
      #expect(GPUMatch(name, memoryBytes: 24e9) == nil, "\(name)")
    }
  }

  @Test("outputs of a second node are passed over, and those of other cards are refused")
  func severalMachines() throws {
    func text(_ machine: SavedMachine) throws -> String { try ConfigNode.readText(machine.path) }
    let place = InputPlace(file: "test")
    let one = try ClusterGuess(DetectedMachine([text(.hgxH100)]), at: place)
    let two = try ClusterGuess(DetectedMachine([text(.hgxH100), text(.hgxH100)]), at: place)
    #expect(two.cluster == one.cluster && two.warnings.contains(.furtherMachines(1)))
    #expect(throws: InputError.self) {
      try ClusterGuess(DetectedMachine([text(.hgxH100), text(.dgxA100)]), at: place)
    }
  }
}
