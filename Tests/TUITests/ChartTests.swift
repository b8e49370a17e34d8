import Engine
import Testing

@testable import TUI

@Suite struct ChartTests {
  @Test("ticks stand at 1, 2 or 5 times a power of ten, with the same decimals")
  func ticks() {
    #expect(Ticks(low: 0, high: 10, count: 5).labels == ["0", "2", "4", "6", "8", "10"])
    #expect(Ticks(low: 0.13, high: 0.61, count: 5).labels == ["0.2", "0.3", "0.4", "0.5", "0.6"])
    #expect(Ticks(low: 60, high: 95, count: 4).labels == ["60", "70", "80", "90"])
    #expect(Ticks(low: 3, high: 3, count: 4).values == [3])
    #expect(Ticks(low: .nan, high: 1, count: 4).values.isEmpty)
  }

  @Test("ticks of any range are few, inside of it, and apart by their step")
  func anyTicks() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<2000 {
      let low = (random.unit() - 0.3) * 1000
      let high = low + random.unit() * 1000 + 1e-6
      let count = Int.random(in: 1...12, using: &random)
      let ticks = Ticks(low: low, high: high, count: count)
      #expect(ticks.values.count <= count + 1)
      #expect(ticks.values.allSatisfy { $0 >= low - ticks.step * 1e-6 && $0 <= high + ticks.step * 1e-6 })
      #expect(Set(ticks.labels).count == ticks.labels.count)
    }
  }

  @Test("parts share the cells by largest remainder, and small ones keep one")
  func apportion() {
    #expect(Apportion.cells([50, 30, 20], cells: 10) == [5, 3, 2])
    #expect(Apportion.cells([97, 1, 2], cells: 10) == [8, 1, 1])
    #expect(Apportion.cells([1, 1, 1], cells: 2).reduce(0, +) == 2)
    #expect(Apportion.cells([0, -1, .nan], cells: 5) == [0, 0, 0])
  }

  @Test("parts always add up to the cells, and none below zero")
  func anyApportion() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<3000 {
      let parts = (0..<Int.random(in: 1...9, using: &random)).map { _ in random.unit() < 0.2 ? 0 : random.unit() }
      let cells = Int.random(in: 0...30, using: &random)
      let shares = Apportion.cells(parts, cells: cells)
      #expect(shares.reduce(0, +) == (parts.contains { $0 > 0 } ? cells : 0))
      #expect(zip(parts, shares).allSatisfy { $1 >= 0 && ($0 > 0 || $1 == 0) })
      let present = parts.filter { $0 > 0 }.count
      if present <= cells { #expect(zip(parts, shares).allSatisfy { $0 == 0 || $1 > 0 }) }
    }
  }

  @Test("a braille cell has the dots of its points, a quadrant cell its quarters, an ASCII cell a density")
  func dots() {
    var braille = DotGrid(size: Size(width: 1, height: 1), charset: .braille)
    braille.add(x: 0.1, y: 0.1)
    braille.add(x: 0.9, y: 0.9)
    #expect(braille.character(column: 0, row: 0) == "⢁")
    var block = DotGrid(size: Size(width: 1, height: 1), charset: .block)
    block.add(x: 0.1, y: 0.9)
    #expect(block.character(column: 0, row: 0) == "▖")
    var ascii = DotGrid(size: Size(width: 1, height: 1), charset: .ascii)
    #expect(ascii.character(column: 0, row: 0) == nil)
    for (count, expected) in [(1, "."), (5, ":"), (20, "*")] {
      for _ in 0..<count { ascii.add(x: 0.5, y: 0.5) }
      #expect(ascii.character(column: 0, row: 0) == expected.first)
    }
    ascii.add(x: 1.2, y: 0.5)
    ascii.add(x: .nan, y: 0.5)
  }

  @Test("the fold hides whole periods of the steady part")
  func fold() throws {
    let plan = Samples.plan(stages: 4)
    let timeline = Samples.timeline(plan)
    let fold = try #require(TimelineFold(timeline))
    let slowest = plan.score.stages.map(\.stableSeconds).max() ?? 0
    #expect(fold.count > 100)
    #expect(abs(fold.periodSeconds - slowest) < 0.02 * slowest)
    let time = VisibleTime(makespan: timeline.makespan, fold: fold)
    for share in stride(from: 0, through: 1, by: 0.01) {
      let shown = share * time.total
      #expect(abs(time.shown(time.moment(shown)) - shown) < 1e-9)
    }
    #expect(TimelineFold(Samples.timeline(Samples.plan(stages: 1))) != nil)
  }

  @Test("columns follow each other in time, at any zoom, width and place")
  func scale() throws {
    let timeline = Samples.timeline(Samples.plan(stages: 4))
    var random = SeededRandom(seed: 11)
    for _ in 0..<300 {
      let fold = random.unit() < 0.5 ? TimelineFold(timeline) : nil
      let time = VisibleTime(makespan: timeline.makespan, fold: fold)
      let zoom = Double(1 << Int.random(in: 0...8, using: &random))
      let scale = TimelineScale(
        time: time, width: Int.random(in: 1...200, using: &random), zoom: zoom,
        centre: random.unit() * timeline.makespan)
      var last = -1.0
      for column in 0..<scale.width {
        guard let moments = scale.moments(column: column) else { continue }
        #expect(moments.lowerBound >= last - 1e-9 && moments.upperBound <= timeline.makespan + 1e-9)
        last = moments.upperBound
        let middle = (moments.lowerBound + moments.upperBound) / 2
        if !time.hides(middle) { #expect(abs(scale.column(of: middle) - column) <= 1) }
      }
    }
  }

  @Test("a short pass between long ones takes a column of one that has two, and none of one that has one")
  func crowded() {
    func owners(width: Int) -> [Int?] {
      let passes = [(0.0, 2.0), (2.0, 2.2), (2.2, 4.0)].map {
        TimelineInterval(kind: .forward, microBatch: 0, start: $0.0, end: $0.1)
      }
      let scale = TimelineScale(time: VisibleTime(makespan: 4), width: width, zoom: 1, centre: 0)
      return TimelineChart(scale: scale).owners(passes)
    }
    #expect(owners(width: 4) == [0, 0, 1, 2])
    #expect(owners(width: 2) == [0, 2])
  }

  @Test("bars of memory keep their scale while a stage is a little over, and change it in steps")
  func memoryScale() {
    func scale(_ allocated: Double...) -> Double {
      MemoryBar.scale(
        allocated.map {
          var memory = MemoryBreakdown()
          memory.capacity = 24
          memory.allocated = $0
          return memory
        })
    }
    #expect(scale(3, 20) == 28)
    #expect(scale(3, 27.9) == 28)
    #expect(scale(29, 3) == 32)
    #expect(scale(33) == 40)
    #expect(scale(400) == 400)
  }

  @Test("marks of a logarithmic axis are as many as fit, inside of it, at round values")
  func logTicks() {
    #expect(LogTicks.values(low: 6.5, high: 45, count: 3) == [10, 20])
    #expect(LogTicks.values(low: 6.5, high: 45, count: 5) == [7, 10, 20, 30])
    #expect(LogTicks.values(low: 0.02, high: 30, count: 4) == [0.1, 1, 10])
    #expect([0.02, 1.5, 300].map(LogTicks.label) == ["0.02", "1.5", "300"])
    #expect(LogTicks.values(low: 0, high: 3, count: 4).isEmpty)
    for low in stride(from: 0.013, through: 900, by: 7.7) {
      let values = LogTicks.values(low: low, high: low * 41, count: 6)
      #expect(!values.isEmpty && values.count <= 6)
      #expect(values.allSatisfy { $0 >= low * 0.999 && $0 <= low * 41.001 })
    }
  }

  @Test("the time axis shows the whole frontier, without plans three times as slow until one is shown")
  func timeRange() {
    let flat = TimeRange(named: [120], frontier: [120, 127], considered: [121, 140, 260])
    #expect(flat.fastest == 120 && flat.slowest == 150 && !flat.isWide)
    let few = TimeRange(named: [120], frontier: [120, 127], considered: [121, 130])
    #expect(few.slowest == 130)
    let cut = TimeRange(named: [7], frontier: [7, 9, 40], considered: [60])
    #expect(cut.fastest == 7 && cut.slowest < 14 && !cut.isWide)
    let wide = TimeRange(named: [7, 40], frontier: [7, 9, 40], considered: [])
    #expect(wide.isWide && wide.axis(factor: 1, unit: "s").isLogarithmic)
    let axis = wide.axis(factor: 1, unit: "s")
    #expect(axis.low < 7 && axis.high > 40 && axis.low > 0)
    #expect(abs(axis.share((axis.low * axis.high).squareRoot()) - 0.5) < 1e-9)
  }

  @Test("a pass of few columns is a letter and a line, a longer one has its number too")
  func text() {
    let pass = TimelineInterval(kind: .backward, microBatch: 11, start: 0, end: 1)
    #expect(TimelineChart.text(pass, columns: 1, isCritical: false) == "B")
    #expect(TimelineChart.text(pass, columns: 3, isCritical: false) == "B──")
    #expect(TimelineChart.text(pass, columns: 2, isCritical: true) == "B═")
    #expect(TimelineChart.text(pass, columns: 6, isCritical: false) == "B12───")
  }

  @Test("weight gradients that are apart have a letter and colours of their own")
  func weightGradientText() {
    let pass = TimelineInterval(kind: .weightGradient, microBatch: 11, start: 0, end: 1)
    #expect(TimelineChart.text(pass, columns: 6, isCritical: false) == "W12───")
    let kinds = [TimelineKind.forward, .backward, .weightGradient, .collective]
    #expect(Set(kinds.map(TimelineChart.letter)).count == 4 && Set(kinds.map(TimelineChart.role)).count == 4)
  }

  @Test("a pass of interleaved stages says its chunk too where there is room")
  func chunkText() {
    let pass = TimelineInterval(kind: .backward, microBatch: 11, chunk: 1, start: 0, end: 1)
    func text(_ columns: Int) -> String {
      TimelineChart.text(pass, columns: columns, isCritical: false, chunks: 2)
    }
    #expect([1, 3, 5, 6, 8].map(text) == ["B", "B──", "B12──", "B12.2─", "B12.2───"])
  }

  @Test("the fold of interleaved stages hides whole groups of micro-batches, all chunks of them")
  func interleavedFold() throws {
    var chunk = ChunkScore()
    (chunk.forward.elapsed, chunk.backward.elapsed) = (1, 2)
    (chunk.forwardFirst, chunk.backwardLast) = (chunk.forward, chunk.backward)
    var stage = StageScore()
    stage.chunks = [chunk, chunk, chunk]
    let stages = [StageScore](repeating: stage, count: 4)
    let timeline = ScheduleSimulator.timeline(stages: stages, microBatches: 40)
    let fold = try #require(TimelineFold(timeline))
    // Every micro-batch takes three chunks of 3 s on each stage.
    #expect(fold.count.isMultiple(of: 4) && fold.count >= 28)
    #expect(abs(fold.periodSeconds - 9) < 1e-9)
    // What is left out repeats: the same pass stands at both ends.
    let first = timeline.passes[0].filter { $0.kind == .forward }
    let ends = [fold.start, fold.end].map { moment in first.first { $0.start == moment } }
    #expect(ends.allSatisfy { $0?.chunk == 0 && $0?.microBatch.isMultiple(of: 4) == true })
    #expect(TimelineFold(ScheduleSimulator.timeline(stages: stages, microBatches: 8)) == nil)
  }

  @Test("a column shows what takes most of it, but no pass vanishes where there is room")
  func owners() {
    let passes = [
      TimelineInterval(kind: .forward, microBatch: 0, start: 0, end: 1.4),
      TimelineInterval(kind: .backward, microBatch: 0, start: 1.4, end: 2.6),
      TimelineInterval(kind: .forward, microBatch: 1, start: 3.8, end: 4),
    ]
    let scale = TimelineScale(time: VisibleTime(makespan: 4), width: 4, zoom: 1, centre: 0)
    #expect(TimelineChart(scale: scale).owners(passes) == [0, 1, 1, 2])
    #expect(TimelineChart(scale: scale).owners(Array(passes.prefix(2))) == [0, 1, 1, nil])
  }
}
