import Foundation

/// A notebook of Jupyter's format 4.5, with outputs once a Python has run it.
package struct Notebook: Sendable {
  /// A piece of it.
  package struct Cell: Sendable, Equatable {
    /// Text in Markdown, or Python.
    package enum Kind: String, Sendable { case markdown, code }
    package let kind: Kind
    /// The same for the same notebook: its number and what it is.
    package let id: String
    package let source: String
  }

  /// From top to bottom.
  package private(set) var cells: [Cell] = []

  /// An empty one.
  package init() {}

  /// Adds a text in Markdown.
  package mutating func add(markdown: String) { add(.markdown, markdown) }

  /// Adds the cells of a program in the percent format: `# %%` begins code and `# %% [markdown]` text,
  /// whose lines are comments.
  ///
  /// - Parameter values: what stands in the place of `{{NAME}}` in texts, and of `"{{NAME}}"` in code, as
  ///   a literal of Python's.
  package mutating func add(program: String, _ values: [String: String] = [:]) {
    var lines: [Substring] = []
    var kind: Cell.Kind?
    func filled() -> String {
      // In one pass: a value may have anything in it.
      lines.joined(separator: "\n").replacing(/"?\{\{([A-Z]+)\}\}"?/) { match in
        guard let value = values[String(match.1)] else { return String(match.0) }
        return kind == .code ? Self.literal(value) : value
      }
    }
    func end(_ notebook: inout Notebook) {
      while lines.last?.isEmpty == true { lines.removeLast() }
      if let kind, !lines.isEmpty { notebook.add(kind, filled()) }
      lines = []
    }
    for line in program.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# %%") {
        end(&self)
        kind = line.hasSuffix("[markdown]") ? .markdown : .code
      } else if kind == .markdown {
        lines.append(line.drop { $0 == "#" }.drop { $0 == " " }.isEmpty ? "" : line.dropFirst(2))
      } else {
        lines.append(line)
      }
    }
    end(&self)
  }

  private mutating func add(_ kind: Cell.Kind, _ source: String) {
    cells.append(Cell(kind: kind, id: "\(kind.rawValue)-\(cells.count + 1)", source: source))
  }

  /// A text as Python reads it.
  private static func literal(_ text: String) -> String {
    let inside = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
    return "\"\(inside)\""
  }

  /// The document, without outputs.
  package var json: Data {
    get throws {
      let cells = cells.map { cell -> [String: Any] in
        var lines = cell.source.split(separator: "\n", omittingEmptySubsequences: false)
          .map { "\($0)\n" }
        lines[lines.count - 1].removeLast()
        var document: [String: Any] = [
          "cell_type": cell.kind.rawValue, "id": cell.id, "metadata": [String: Any](),
          "source": lines,
        ]
        if cell.kind == .code {
          document["outputs"] = [Any]()
          document["execution_count"] = NSNull()
        }
        return document
      }
      let document: [String: Any] = [
        "cells": cells,
        "metadata": [
          "kernelspec": ["display_name": "Python 3", "language": "python", "name": "python3"],
          "language_info": ["name": "python"],
        ],
        "nbformat": 4, "nbformat_minor": 5,
      ]
      return try JSONSerialization.data(
        withJSONObject: document, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    }
  }
}
