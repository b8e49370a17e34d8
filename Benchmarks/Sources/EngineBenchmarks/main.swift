import Engine
let clock = ContinuousClock()
let start = clock.now
func now() -> Double { (clock.now - start) / .seconds(1) }
for r in TapeBenchmark.run(now: now) { print(r) }
