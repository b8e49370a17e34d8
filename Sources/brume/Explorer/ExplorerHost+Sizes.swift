import Engine
import TUI

extension ExplorerHost {
  /// Sweeps the sizes of the cluster on a thread of its own; points are posted as they are found, and stay where it is
  /// cancelled. Answers go to the mailbox.
  static func sizesWorker(_ mailbox: Mailbox<Event>) -> LatestOrderWorker<Asked<TuneRequest>, SizesMessage> {
    let clock = MonotonicClock()
    return LatestOrderWorker { asked, message in
      mailbox.post(.sizes(message, ticket: asked.ticket))
    } work: { job in
      let sweep = FrontierSweep(
        workload: job.order.session.workload, request: job.order.question, cancel: job.cancel,
        now: { clock.seconds },
        onEvent: { event in
          if case .progress(let progress) = event { job.post(.progress(progress)) }
        },
        onPoint: { job.post(.point($0)) })
      _ = sweep.points(.gpus)
      job.post(.done)
    }
  }
}
