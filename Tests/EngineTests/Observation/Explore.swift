import Foundation
import Testing

@testable import Engine

@Suite struct ExploreTests {
  @Test func explore() throws {
    print("errors", ObservationCase.errors)
    for source in ["mist-artifact-l4", "aceso-in-mist-l4"] {
      for c in try ObservationCase.all(of: source) {
        print("CASE", source, c.type.name, c.type.gpu.name, c.runs.count)
        let start = ContinuousClock.now
        let whole = FigureFit(c.runs.map { $0.witness() }, on: c.type, errors: ObservationCase.errors)
        print("whole", start.duration(to: .now), whole.chosen, whole.shifts, whole.deviations, whole.rivals, whole.gain)
        for (i, r) in c.runs.enumerated() { print(r.id, whole.before[i], whole.after[i], whole.sensitivities[i].map { ($0.key.rawValue, ($0.value*1e4).rounded()/1e4) }) }
        for factor in [1.0, 1.1, 0.9] {
          var worse: [Double] = []
          for i in 0..<c.runs.count { for j in 0..<i { for k in 0..<j {
            let seen = [i,j,k]
            let fit = FigureFit(seen.map { c.runs[$0].witness(times: factor) }, on: c.type, errors: ObservationCase.errors)
            let moved = fit.shifted(c.type, errors: ObservationCase.errors)
            var b = 0.0, a = 0.0, mb = 0.0, ma = 0.0
            let rest = c.runs.indices.filter { !seen.contains($0) }
            for r in rest {
              let m = c.runs[r].seconds * factor
              let p0 = c.runs[r].predicted(c.type)!, p1 = c.runs[r].predicted(moved)!
              b += abs(p0/m-1); a += abs(p1/m-1); mb += log(m/p0); ma += log(m/p1)
            }
            let n = Double(rest.count)
            print(factor, seen, fit.chosen.map(\.rawValue), fit.shifts.map { ($0.value*100).rounded()/100 }, "rivals", fit.rivals.map(\.rawValue), "gain", (fit.gain*100).rounded()/100, "abs", (b/n*1e4).rounded()/100, (a/n*1e4).rounded()/100, "mean", (mb/n*1e4).rounded()/100, (ma/n*1e4).rounded()/100)
            worse.append((a-b)/n)
          }}}
          print("factor", factor, "worst", worse.max()!, "mean", worse.reduce(0,+)/Double(worse.count))
        }
      }
    }
  }
}
