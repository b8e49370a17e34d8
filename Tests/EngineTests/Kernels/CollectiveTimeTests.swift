import Testing

@testable import Engine

/// Transfers between ranks and what of them is exposed, against figures computed by hand (docs/model.md, section 3).
@Suite struct CollectiveTimeTests {
  private static let gibibyte = 1_073_741_824.0
  /// The hidden state of a micro-batch: 2,048 tokens of 1,024 elements of 2 B.
  private static let bytes = 2048.0 * 1024 * 2

  private func transfer(splits: Bool, tensorParallel: Int, senders: Int = 4) -> BoundaryTransfer {
    var runtime = RuntimeProfile.blank
    runtime.splitsPointToPoint = splits
    return BoundaryTransfer(
      cluster: TestMachines.cluster(nodes: 2, gpusPerNode: 4), runtime: runtime, tensorParallel: tensorParallel,
      senders: senders)
  }

  @Test("a hidden state goes whole from each rank, or 1/tp of it, and is gathered among the receivers")
  func boundary() {
    // Between nodes 0.4895 GiB/s and 4.5 ms; four ranks of a node gather at 4.1635 GiB/s and 0.4 ms.
    let whole = Self.bytes / (0.4895 * Self.gibibyte) + 4.5e-3
    let parts = Self.bytes / 4 / (0.4895 * Self.gibibyte) + 4.5e-3
    let gather = 0.75 * Self.bytes / (4.1635 * Self.gibibyte) + 4e-4
    func seconds(_ splits: Bool, _ tensorParallel: Int) -> Double {
      transfer(splits: splits, tensorParallel: tensorParallel).seconds(bytes: Self.bytes, sameNode: false)
    }
    #expect(agree(seconds(false, 4), whole))
    #expect(agree(seconds(true, 4), parts + gather))
    #expect(agree(seconds(true, 1), whole))
    // Eight ranks on two nodes gather over both: 1.7183 GiB/s, no latency.
    let wide = Self.bytes / 8 / (0.4895 * Self.gibibyte) + 4.5e-3
    #expect(agree(seconds(true, 8), wide + 0.875 * Self.bytes / (1.7183 * Self.gibibyte)))
    #expect(transfer(splits: true, tensorParallel: 4).seconds(bytes: 0, sameNode: false) == 0)
  }

  @Test("a measured all-reduce is the whole of one and wins over 2.1 all-gathers; other collectives keep their link")
  func measuredAllReduce() {
    let group = GroupShape(nodes: 1, gpusPerNode: 4)
    let half = 0.75 * Self.bytes / Self.gibibyte
    var test = KernelCase()
    #expect(agree(test.layer(tensorParallel: 4).tensorForward, 2 * 2.1 * (half / 4.1635 + 4e-4)))
    test.cluster.nodeType.links.allReduce[group] = Link(
      gibibytesPerSecond: 2.5, latencySeconds: 1e-4, provenance: .measured)
    #expect(agree(test.layer(tensorParallel: 4).tensorForward, 2 * (half / 2.5 + 1e-4)))
    #expect(agree(test.layer(tensorParallel: 4).tensorBackward, 2 * (half / 2.5 + 1e-4)))
    let (reduce, gather) = (
      CollectiveRate(allReduceOf: test.cluster, group: group), CollectiveRate(cluster: test.cluster, group: group)
    )
    #expect(agree(reduce.secondsPerByte, 0.75 / (2.5 * Self.gibibyte)) && reduce.latencySeconds == 1e-4)
    #expect(agree(gather.secondsPerByte, 0.75 / (4.1635 * Self.gibibyte)) && gather.latencySeconds == 4e-4)
    // Another shape has the factor still.
    let pair = CollectiveRate(allReduceOf: test.cluster, group: GroupShape(nodes: 1, gpusPerNode: 2))
    #expect(agree(pair.secondsPerByte, 2.1 * 0.5 / (2.964 * Self.gibibyte)) && agree(pair.latencySeconds, 2.1e-4))
    #expect(CollectiveRate(allReduceOf: test.cluster, group: GroupShape(nodes: 1, gpusPerNode: 1)).secondsPerByte == 0)
  }

  @Test("collectives that go piece by piece beside products expose one of tp pieces, with sequence parallelism alone")
  func pieces() {
    var test = KernelCase()
    // Else a second gather in backward comes beside a product.
    test.runtime.gathersInputsAgain = false
    let serial = 2 * 2.1 * (0.75 * Self.bytes / (4.1635 * Self.gibibyte) + 4e-4)
    let whole = test.layer(tensorParallel: 4, sequenceParallel: true)
    #expect(agree(whole.tensorForward, serial) && agree(whole.tensorBackward, serial))
    test.runtime.overlapsTensorCollectives = true
    let pieces = test.layer(tensorParallel: 4, sequenceParallel: true)
    #expect(agree(pieces.tensorForward, serial / 4) && agree(pieces.tensorBackward, serial / 4))
    #expect(pieces.forward == whole.forward)
    // All-reduces of whole sums have no product to go beside.
    #expect(agree(test.layer(tensorParallel: 4).tensorForward, serial))
  }

  @Test("a runtime that overlaps no collective takes its kernels and then its gathers: 2 B * 3/4 over the link")
  func serialGathers() throws {
    func forward(_ runtime: String) throws -> PassTimes {
      let workload = Workload(
        name: "test", model: TestMachines.gpt(hidden: 1024, layers: 8, heads: 8),
        cluster: TestMachines.cluster(nodes: 1, gpusPerNode: 4),
        run: TrainingRun(sequenceLength: 1024, globalBatch: 16, attention: .flash, runtime: runtime))
      let stage = StageChoice(
        layers: 8, nodes: 1, gpusPerNode: 4, microBatch: 1, dataParallel: 4, tensorParallel: 1, zero: 3,
        checkpointedLayers: 8)
      let plan = Plan(gradientAccumulation: 4, stages: [stage])
      return try #require(try TuningSession(workload: workload, now: { 0 }).score(plan).stages.first).forward
    }
    let (serial, beside) = (try forward("deepspeed-2021"), try forward("deepspeed"))
    let parameters = TestMachines.gpt(hidden: 1024, layers: 8, heads: 8).parameterCount(sequenceLength: 1024)
    // The embedding, eight layers and the head: ten gathers.
    let gathers = 2 * parameters * 0.75 / (4.1635 * Self.gibibyte) + 10 * 4e-4
    #expect(agree(serial.collective, gathers) && agree(beside.collective, gathers))
    #expect(serial.compute == beside.compute)
    #expect(agree(serial.elapsed, serial.compute + gathers))
    #expect(beside.elapsed < serial.elapsed && beside.elapsed >= max(beside.compute, gathers))
  }
}
