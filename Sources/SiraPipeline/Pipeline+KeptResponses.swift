import SiraCore
import SiraJSON
import SiraLedger
import SiraStorage
import SiraTenancy
package import SiraWire

/// What can be asked about answers of `/v1/responses` that are kept.
extension Pipeline {
    /// Answers a question about an answer, to the key alone that the answer was for.
    package nonisolated(nonsending) func serve(
        _ asked: KeptResponse,
        _ headers: HeaderFields,
        to client: any ClientStream
    ) async {
        await read(headers, client, as: .responses) { caller throws(GatewayError) in
            let key = caller.key?.id ?? ""
            guard let response = try await kept(asked.id, of: key) else { throw noSuchResponse(asked.id) }
            // One that its provider alone keeps can be deleted there all the same.
            if case .delete = asked.action, response.isReadable || response.isNative {
                if response.isNative { try await deleteAtProvider(response, headers, client) }
                return try await delete(response)
            }
            guard response.isReadable else { throw noSuchResponse(asked.id) }
            switch asked.action {
            case .read: return response.response
            case .delete: throw noSuchResponse(asked.id)
            case .inputItems(let page): return try list(page, of: response)
            case .cancel:
                throw GatewayError(
                    .invalidField,
                    "Response '\(asked.id.prefix(100))' is complete. Only one that was created with \"background\" and "
                        + "still runs can be cancelled."
                )
            }
        }
    }

    private nonisolated(nonsending) func delete(_ response: StoredResponse) async throws(GatewayError) -> [UInt8] {
        do {
            guard try await context.services.responses.delete(response.id, of: response.key) else {
                throw noSuchResponse(response.id)
            }
        } catch let error as GatewayError {
            throw error
        } catch {
            throw GatewayError(.internalError, "The answer cannot be deleted at the moment. Try again.", retryAfter: 1)
        }
        var json = JSONWriter(capacity: 128)
        json.object {
            $0.member("id", response.id)
            $0.member("object", "response")
            $0.member("deleted", true)
        }
        return json.bytes
    }

    /// A page of the items that led to an answer.
    private func list(_ page: ItemPage, of response: StoredResponse) throws(GatewayError) -> [UInt8] {
        guard let history = context.snapshot.dialects[.responses].history else { throw noSuchResponse(response.id) }
        let read = response.input.withUnsafeBytes { bytes in
            try? context.indexer.read(bytes, limits: .answer) { json in
                json.elements.enumerated().map { index, item in
                    history.listed(item, orNamed: "msg_\(response.id.drop { $0 != "_" }.dropFirst())_\(index)")
                }
            }
        }
        guard var items = read else { throw GatewayError(.internalError, "What is kept of the answer cannot be read.") }
        if !page.isAscending { items.reverse() }
        if let after = page.after {
            guard let index = items.firstIndex(where: { $0.id == after }) else {
                throw GatewayError(.invalidField, "No item '\(after.prefix(100))' in this response.", field: "after")
            }
            items.removeFirst(index + 1)
        }
        let shown = items.prefix(page.limit)
        var json = JSONWriter(capacity: 4_096)
        json.object {
            $0.member("object", "list")
            $0.array("data") { list in
                for item in shown { list.element(item.json) }
            }
            if let first = shown.first { $0.member("first_id", first.id) } else { $0.null("first_id") }
            if let last = shown.last { $0.member("last_id", last.id) } else { $0.null("last_id") }
            $0.member("has_more", shown.count < items.count)
        }
        return json.bytes
    }

    private func noSuchResponse(_ id: String) -> GatewayError {
        GatewayError(.responseNotFound, "Response with id '\(id.prefix(100))' not found.")
    }
}
