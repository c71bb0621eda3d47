import Foundation
import Reports
import Testing

/// Notebooks: cells from programs, the document's form, and its page.
@Suite struct NotebookTests {
  private static let program = """
    # %% [markdown]
    # # A "{{NAME}}"
    #
    # text
    # %%

    path = "{{PATH}}"
    # a comment
    print(path)

    # %%
    x = 1
    """

  private var notebook: Notebook {
    var notebook = Notebook()
    notebook.add(program: Self.program, ["NAME": "x", "PATH": "a \"b\\ {{NAME}}"])
    return notebook
  }

  @Test func percentFormatBecomesCells() {
    #expect(
      notebook.cells.map(\.source) == [
        "# A x\n\ntext", "\npath = \"a \\\"b\\\\ {{NAME}}\"\n# a comment\nprint(path)", "x = 1",
      ])
    #expect(notebook.cells.map(\.id) == ["markdown-1", "code-2", "code-3"])
  }

  @Test func documentIsOfFormat45() throws {
    let object = try JSONSerialization.jsonObject(with: try notebook.json)
    let document = try #require(object as? [String: Any])
    #expect(document["nbformat"] as? Int == 4)
    #expect(document["nbformat_minor"] as? Int == 5)
    let cells = try #require(document["cells"] as? [[String: Any]])
    #expect(cells[0]["source"] as? [String] == ["# A x\n", "\n", "text"])
    #expect(cells[0]["outputs"] == nil)
    #expect((cells[1]["outputs"] as? [Any])?.isEmpty == true)
    #expect(cells[1]["execution_count"] is NSNull)
    let again = try notebook.json
    #expect(try notebook.json == again)
  }

  @Test func pageHasCodeTextAndPictures() throws {
    let document = """
      {"cells": [
        {"cell_type": "markdown", "source": ["# Title\\n", "\\n", "About < it"]},
        {"cell_type": "markdown", "source": "## Part"},
        {"cell_type": "code", "source": "a < b", "outputs": [
          {"output_type": "stream", "text": ["1 & 2\\n"]},
          {"output_type": "display_data", "data": {"image/png": "QUJD\\n", "text/plain": "F"}}]}
      ]}
      """
    let html = try NotebookPage.html(Data(document.utf8))
    #expect(html.contains("<h1>Title</h1>"))
    #expect(html.contains("About &lt; it"))
    #expect(html.contains("a &lt; b"))
    #expect(html.contains("1 &amp; 2"))
    #expect(
      html.contains("<img alt=\"Figure: Part\" src=\"data:image/png;base64,QUJD\">"))
    #expect(throws: NotebookError.unreadable) { try NotebookPage.html(Data("{}".utf8)) }
  }

  @Test func missingInterpreterIsNamed() {
    #expect(throws: NotebookError.noPython(["/no/python"])) {
      try PythonInterpreter("/no/python")
    }
  }
}
