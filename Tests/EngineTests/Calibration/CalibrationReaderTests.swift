import Testing

@testable import Engine

/// Reading measured points.
@Suite struct CalibrationReaderTests {
  private static let machine =
    #"{"kind":"machine","brume":1,"gpu":"NVIDIA L4","nodes":1,"gpusPerNode":8,"torch":"2.5"}"#

  /// A line of every kind.
  static let every = """
    \(machine)
    {"kind":"gemm","m":4096,"n":2048,"k":1024,"load":"short","seconds":1e-3,"deviation":1e-5,"repeats":5}
    {"kind":"attention","batch":1,"heads":16,"headWidth":128,"sequence":2048,"implementation":"flash","pass":"backward","seconds":2e-3}
    {"kind":"memory-bound","operator":"gelu","bytes":1e8,"seconds":1e-3}
    {"kind":"launch","seconds":4e-6,"deviation":0}
    {"kind":"collective","operation":"all-gather","nodes":1,"gpusPerNode":8,"alone":false,"bytes":1e8,"seconds":0.02}
    {"kind":"copy","direction":"host-to-device","bytes":1e8,"gpusAtOnce":8,"seconds":0.02}
    {"kind":"overlap","rows":4096,"allGatherBytes":1048576,"hostToDeviceBytes":0,"deviceToHostBytes":0,"nodes":1,"gpusPerNode":8,"seconds":0.02,"deviation":0.001}
    {"kind":"memory","what":"context","bytes":5e8,"ranks":1}
    {"kind":"failed","case":"attention 96","error":"out of memory"}
    {"kind":"end","seconds":300,"cases":8,"failed":1}

    """

  private func error(_ text: String, gpu: String? = nil) -> String {
    do {
      let points = try CalibrationReader.points(text, file: "p.jsonl", gpu: gpu)
      return "read \(points.count)"
    } catch {
      return "\(error)"
    }
  }

  @Test("lines of every kind are read")
  func kinds() throws {
    let text = Self.every
    let points = try CalibrationReader.points(text, file: "p.jsonl")
    #expect(points.count == 8 && points.failed.count == 1 && points.machine?.gpusPerNode == 8)
    #expect(points.overlap.first?.work == [4096, 1, 0, 0])
    // What was being written when the line dropped is not there; the rest is.
    let cut = text.prefix(text.count - 80)
    #expect(try CalibrationReader.points(String(cut), file: "p.jsonl").count == 8)
    // A file without its last line says that it is not all.
    #expect(try !points.isCut && CalibrationReader.points(String(cut), file: "p.jsonl").isCut)
  }

  @Test("nonsense is named with its line and field")
  func nonsense() {
    #expect(error("\(Self.machine)\n{\"kind\":\"gemm\",\"m\":1,\"n\":1,\"k\":1,\"seconds\":0}").contains("p.jsonl:2"))
    #expect(error("{\"kind\":\"gemm\",\"m\":1,\"n\":-4,\"k\":1,\"seconds\":1}").contains("n"))
    #expect(error("{\"kind\":\"gem\"}").contains("gemm"))
    #expect(
      error("{\"kind\":\"copy\",\"direction\":\"host-to-device\",\"bytes\":1e6,\"gpusAtOnce\":1}").contains("seconds"))
    #expect(error("").contains("measured points") || error("").contains("columns"))
    #expect(error("a,b\n1,2\n").contains("matmul_rows"))
    let header =
      "matmul_rows,allgather_MiB,host_to_device_MiB,device_to_host_MiB,group_gpus_per_node,group_nodes,elapsed_ms,std_ms"
    #expect(error("\(header)\n1,0,0,0,8,1,nan,0\n").contains("p.jsonl:2"))
    #expect(error("\(header)\n1,0,0\n").contains("p.jsonl:2"))
  }

  @Test("of a table with several GPUs one must be chosen")
  func severalGPUs() throws {
    let text = """
      gpu,collective,gpus_one_node,MiB,ms
      L4,all_gather,8,2.0,1.5
      A10G,all_gather,8,2.0,1.2
      L4,all_to_all,8,2.0,1.5
      """
    #expect(error(text).contains("--gpu A10G"))
    #expect(error(text, gpu: "L5").contains("L4"))
    let points = try CalibrationReader.points(text, file: "c.csv", gpu: "L4")
    // An all-gather of these tables tells each rank's part.
    #expect(points.collectives.map(\.bytes) == [16 * 1_048_576])
  }
}
