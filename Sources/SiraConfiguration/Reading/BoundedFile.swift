import Foundation

/// Reads small text files.
enum BoundedFile {
    /// The file's text.
    ///
    /// - Parameter limit: most bytes that are read; a longer file is refused.
    /// - Throws: why it cannot be read, as the end of a sentence that begins with the file.
    static func text(_ path: String, limit: Int) throws(Refusal) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Refusal("does not exist")
        }
        guard !isDirectory.boolValue else { throw Refusal("is a directory") }
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Refusal("may not be read by this user") }
        defer { try? handle.close() }
        var content = Data()
        do {
            // One read may bring less than is there.
            while content.count <= limit, let piece = try handle.read(upToCount: limit + 1 - content.count),
                !piece.isEmpty
            {
                content.append(piece)
            }
        } catch {
            throw Refusal("cannot be read")
        }
        guard content.count <= limit else { throw Refusal("is larger than \(ByteSize.text(limit))") }
        guard let text = String(data: content, encoding: .utf8) else { throw Refusal("is not UTF-8 text") }
        return text
    }

    /// Whether there is a file of this path.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
