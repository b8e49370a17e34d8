/// Elapsed seconds of overlapping channels over many configurations: the closed form of `OverlapTable`.
///
/// Written over two lanes at a time: the form of four channels holds ten values at once, and wider vectors would spill
/// on machines with 16 vector registers. A channel without time adds exact zeros; so a channel that has none in a
/// whole block can be left out, and gives the same bits as a lane among others that have some.
enum OverlapKernel {
  /// Two configurations.
  typealias Lane = SIMD2<Double>
  private typealias Source = UnsafePointer<Lane>
  private typealias Target = UnsafeMutablePointer<Lane>

  /// Runs an overlap instruction over `n` vectors of 8 configurations.
  static func run(
    _ step: UnsafePointer<TapeInstruction>, _ slots: Tape.Slots, _ n: Int, _ factors: UnsafePointer<Lane>
  ) {
    func lanes(_ slot: Int32) -> Target {
      UnsafeMutableRawPointer(slots[Int(slot)]).assumingMemoryBound(to: Lane.self)
    }
    let (result, lastLane) = (lanes(step.pointee.destination), n * 4)
    let table = factors + Int(step.pointee.table)
    let count = step.pointee.opcode.operandCount
    var live = SIMD4<Int>()
    var liveCount = 0
    for channel in 0..<count where count == 2 || !isZero(lanes(step.pointee[channel]), lastLane) {
      live[liveCount] = channel
      liveCount += 1
    }
    func source(_ number: Int) -> Source { Source(lanes(step.pointee[live[number]])) }
    func pairFactors(_ a: Int, _ b: Int) -> Source { table + OverlapTable.pairStart(of: count, live[a], live[b]) }
    switch liveCount {
    case 0:
      for k in 0..<lastLane { result[k] = Lane() }
    case 1:
      let only = source(0)
      for k in 0..<lastLane { result[k] = only[k] }
    case 2: pair(source(0), source(1), result, lastLane, pairFactors(0, 1))
    case 3:
      let factors = table + OverlapTable.tripleStart(of: count, live[0], live[1], live[2])
      triple(
        source(0), source(1), source(2), result, lastLane, factors, pairFactors(0, 1), pairFactors(0, 2),
        pairFactors(1, 2))
    default:
      let (a, b, c, d) = (source(0), source(1), source(2), source(3))
      for k in 0..<lastLane { result[k] = quad(a[k], b[k], c[k], d[k], table) }
    }
  }

  private static func isZero(_ lanes: Target, _ count: Int) -> Bool {
    for k in 0..<count where lanes[k][0] != 0 || lanes[k][1] != 0 { return false }
    return true
  }

  @inline(__always)
  private static func smaller(_ x: Lane, _ y: Lane) -> Lane { x.replacing(with: y, where: y .< x) }

  /// Time left: rounding may leave a channel that has ended a little below 0.
  @inline(__always)
  private static func rest(_ x: Lane) -> Lane { x.replacing(with: 0, where: x .< 0) }

  private static func pair(_ a: Source, _ b: Source, _ result: Target, _ n: Int, _ f: Source) {
    for k in 0..<n {
      let (x, y) = (a[k], b[k])
      result[k] = x + y + f[2] * smaller(x * f[0], y * f[1])
    }
  }

  /// `f`: the constants of the triple; `ab`, `ac`, `bc`: of its pairs.
  private static func triple(
    _ a: Source, _ b: Source, _ c: Source, _ result: Target, _ n: Int, _ f: Source, _ ab: Source, _ ac: Source,
    _ bc: Source
  ) {
    for k in 0..<n {
      let (x, y, z) = (a[k], b[k], c[k])
      let o = smaller(smaller(x * f[0], y * f[1]), z * f[2])
      let (rx, ry, rz) = (rest(x - o * f[3]), rest(y - o * f[4]), rest(z - o * f[5]))
      var total = x + y + z + f[6] * o
      total += ab[2] * smaller(rx * ab[0], ry * ab[1])
      total += ac[2] * smaller(rx * ac[0], rz * ac[1])
      total += bc[2] * smaller(ry * bc[0], rz * bc[1])
      result[k] = total
    }
  }

  @inline(__always)
  private static func quad(_ x: Lane, _ y: Lane, _ z: Lane, _ w: Lane, _ f: Source) -> Lane {
    let (px, py, pz, pw) = (x * f[0], y * f[1], z * f[2], w * f[3])
    let o = smaller(smaller(px, py), smaller(pz, pw))
    // Exactly 0 where the channel ends with this phase, so that the triples that hold it last exactly 0.
    let rx = (x - o * f[4]).replacing(with: 0, where: px .<= o)
    let ry = (y - o * f[5]).replacing(with: 0, where: py .<= o)
    let rz = (z - o * f[6]).replacing(with: 0, where: pz .<= o)
    let rw = (w - o * f[7]).replacing(with: 0, where: pw .<= o)
    let xyz = smaller(smaller(rx * f[9], ry * f[10]), rz * f[11])
    let xyw = smaller(smaller(rx * f[16], ry * f[17]), rw * f[18])
    let xzw = smaller(smaller(rx * f[23], rz * f[24]), rw * f[25])
    let yzw = smaller(smaller(ry * f[30], rz * f[31]), rw * f[32])
    let sx = rest(rx - xyz * f[12] - xyw * f[19] - xzw * f[26])
    let sy = rest(ry - xyz * f[13] - xyw * f[20] - yzw * f[33])
    let sz = rest(rz - xyz * f[14] - xzw * f[27] - yzw * f[34])
    let sw = rest(rw - xyw * f[21] - xzw * f[28] - yzw * f[35])
    var total = x + y + z + w + f[8] * o
    total = total + f[15] * xyz + f[22] * xyw + f[29] * xzw + f[36] * yzw
    total += f[39] * smaller(sx * f[37], sy * f[38])
    total += f[42] * smaller(sx * f[40], sz * f[41])
    total += f[45] * smaller(sx * f[43], sw * f[44])
    total += f[48] * smaller(sy * f[46], sz * f[47])
    total += f[51] * smaller(sy * f[49], sw * f[50])
    total += f[54] * smaller(sz * f[52], sw * f[53])
    return total
  }
}
