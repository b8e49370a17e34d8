import Testing

@testable import Engine

/// The generator that the round trips of all launchers draw from.
@Suite struct RandomLaunchPlansTests {
  @Test(
    "100 random plans of each launcher keep all rules and use many values of its knobs", arguments: Launcher.allCases)
  func plans(launcher: Launcher) throws {
    var generator = try RandomLaunchPlans(launcher, seed: 7)
    var again = try RandomLaunchPlans(launcher, seed: 7)
    var cases: [LaunchCase] = []
    for _ in 0..<100 {
      let next = generator.next()
      let found = try #require(next)
      let same = again.next()
      #expect(same?.plan == found.plan)
      try PlanRules(workload: found.workload).check(found.plan)
      cases.append(found)
    }
    #expect(Set(cases.map(\.plan)).count > 60)
    #expect(Set(cases.map(\.workload.model.name)).count >= 5)
    #expect(Set(cases.map(\.workload.run.runtime)) == Set(launcher.runtimes))
    #expect(Set(cases.flatMap { $0.plan.stages.map(\.zero) }).count > 1)
    #expect(cases.contains { $0.plan.stages.contains { $0.checkpointedLayers > 0 } })
    if launcher.space.maximumStages != 1 {
      #expect(cases.contains { $0.plan.stages.count > 2 } && cases.contains { $0.plan.stages.count == 1 })
    }
    if launcher.space.interleave.count > 1 { #expect(cases.contains { $0.plan.interleave > 1 }) }
    if launcher.space.contextParallel.count > 1 { #expect(cases.contains { $0.plan.contextParallel > 1 }) }
    if launcher.space.layerRule == .any, launcher.space.maximumStages != 1 {
      #expect(cases.contains { Set($0.plan.stages.map(\.layers)).count > 1 })
    }
  }
}
