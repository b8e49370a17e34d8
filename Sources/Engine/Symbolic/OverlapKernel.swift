/// Elapsed seconds of overlapping channels over many configurations: the closed form of `OverlapTable`.
///
/// Written over two lanes at a time: the four-channel form holds ten values at once, and wider vectors would spill on
/// machines with 16 vector registers. Channels without time add exact zeros, so that a channel that is 0 in a lane
/// gives the same bits as the kernel without that channel.
enum OverlapKernel {
  /// Two configurations.
  typealias Lane = SIMD2<Double>

  @inline(__always)
  private static func lanes(_ slots: Tape.Slots, _ slot: Int32) -> UnsafeMutablePointer<Lane> {
    UnsafeMutableRawPointer(slots[Int(slot)]).assumingMemoryBound(to: Lane.self)
  }

  @inline(__always)
  private static func smaller(_ x: Lane, _ y: Lane) -> Lane { x.replacing(with: y, where: y .< x) }

  /// Time left: rounding may leave a channel that has ended a little below 0.
  @inline(__always)
  private static func rest(_ x: Lane) -> Lane { x.replacing(with: 0, where: x .< 0) }

  /// Two channels.
  static func pair(_ i: TapeInstruction, _ slots: Tape.Slots, _ n: Int, _ factors: UnsafeBufferPointer<Double>) {
    let (a, b, result) = (lanes(slots, i.a), lanes(slots, i.b), lanes(slots, i.destination))
    let first = Int(i.table)
    let (fa, fb) = (Lane(repeating: factors[first]), Lane(repeating: factors[first + 1]))
    let gain = Lane(repeating: factors[first + 2])
    for k in 0..<n * 4 {
      let (x, y) = (a[k], b[k])
      result[k] = x + y + gain * smaller(x * fa, y * fb)
    }
  }

  /// Three channels.
  static func triple(_ i: TapeInstruction, _ slots: Tape.Slots, _ n: Int, _ factors: UnsafeBufferPointer<Double>) {
    let (a, b, c, result) = (lanes(slots, i.a), lanes(slots, i.b), lanes(slots, i.c), lanes(slots, i.destination))
    withBroadcast(factors, Int(i.table), OverlapTable.tripleCount) { f in
      for k in 0..<n * 4 {
        let (x, y, z) = (a[k], b[k], c[k])
        let o = smaller(smaller(x * f[0], y * f[1]), z * f[2])
        let (rx, ry, rz) = (rest(x - o * f[3]), rest(y - o * f[4]), rest(z - o * f[5]))
        var total = x + y + z + f[6] * o
        total += f[9] * smaller(rx * f[7], ry * f[8])
        total += f[12] * smaller(rx * f[10], rz * f[11])
        total += f[15] * smaller(ry * f[13], rz * f[14])
        result[k] = total
      }
    }
  }

  /// Four channels.
  static func quad(_ i: TapeInstruction, _ slots: Tape.Slots, _ n: Int, _ factors: UnsafeBufferPointer<Double>) {
    let (a, b, c, d) = (lanes(slots, i.a), lanes(slots, i.b), lanes(slots, i.c), lanes(slots, i.d))
    let result = lanes(slots, i.destination)
    withBroadcast(factors, Int(i.table), OverlapTable.quadCount) { f in
      for k in 0..<n * 4 { result[k] = quad(a[k], b[k], c[k], d[k], f) }
    }
  }

  @inline(__always)
  private static func quad(_ x: Lane, _ y: Lane, _ z: Lane, _ w: Lane, _ f: UnsafePointer<Lane>) -> Lane {
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

  /// Calls `body` with the constants, each in both lanes (a load from memory then needs no shuffle).
  @inline(__always)
  private static func withBroadcast(
    _ factors: UnsafeBufferPointer<Double>, _ first: Int, _ count: Int, _ body: (UnsafePointer<Lane>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Lane.self, capacity: OverlapTable.quadCount) { broadcast in
      for k in 0..<count { broadcast[k] = Lane(repeating: factors[first + k]) }
      if let base = broadcast.baseAddress { body(UnsafePointer(base)) }
    }
  }
}
