import Logging
import SiraAdmin
package import SiraCore
package import SiraInsight
import SiraLimits
package import SiraSQLite
import SiraStorage
import SiraTenancy

extension SQLiteDatabase {
    /// What budgets have left by the books, as a gateway that starts now would begin with.
    package func budgetsLeft(clock: GatewayClock) async throws -> [BudgetLeft] {
        let board = LimitBoard(clock: clock)
        let logger = Logger(label: "sira") { _ in SwiftLogNoOpLogHandler() }
        let keeping = TenantKeeping(board: board, rollups: rollups, clock: clock, logger: logger)
        await keeping.adopt(TenantBook(try await resources.all(), at: clock.now()))
        return board.budgets(at: clock.now()).map(BudgetLeft.init)
            .sorted { ($0.id, $0.scope.description) < ($1.id, $1.scope.description) }
    }
}
