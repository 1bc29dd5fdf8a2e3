using System.Text;
using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>The hand-in as a page to be printed: white, black, no script, nothing loaded.</summary>
internal static class HandInHtml
{
    private const string Style = """
        @page { size: A4; margin: 15mm 17mm; }
        body { font: 9.6pt/1.34 Charter, "Bitstream Charter", "Source Serif 4", Georgia, "Times New Roman", serif; color: #000; background: #fff; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
        @media print { body { margin: 0; padding: 0; max-width: none; } .room:empty::before { content: none !important; } }
        h1 { font-size: 16pt; line-height: 1.2; margin: 0 0 .2em; }
        .by { margin: 0 0 1em; }
        h2 { font-size: 11.5pt; margin: 1.1em 0 .3em; break-after: avoid; }
        p { margin: .35em 0; orphans: 3; widows: 3; }
        .equations { display: flex; flex-wrap: wrap; gap: .1em 2.2em; margin: .4em 0 .4em 1.5em; }
        .formula { white-space: nowrap; }
        .formula sub, .formula sup { font-size: .75em; line-height: 0; }
        .root { border-top: .5pt solid #000; }
        table { border-collapse: collapse; margin: .6em 0; font-size: 8.8pt; width: 100%; break-inside: avoid; }
        caption { text-align: left; margin-bottom: .3em; }
        th, td { text-align: right; padding: .15em 0 .15em .8em; border-bottom: .5pt solid #999; font-weight: normal; vertical-align: bottom; }
        thead th { border-bottom: 1pt solid #000; }
        th:first-child { text-align: left; padding-left: 0; }
        figure { margin: .5em 0; break-inside: avoid; }
        figure svg { width: 100%; height: auto; display: block; }
        figcaption { font-size: 8.8pt; }
        .samples { columns: 2; column-gap: 1.6em; margin: .4em 0; }
        .samples div { break-inside: avoid; margin: 0 0 .55em; }
        .samples b { display: block; font-size: 8.4pt; }
        .written { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8.6pt; line-height: 1.24; unicode-bidi: plaintext; margin: 0; }
        .passage { columns: 2; column-gap: 1.6em; }
        .code { font-size: .8em; border: .5pt solid #666; padding: 0 .15em; white-space: nowrap; }
        ul { margin: .3em 0; padding-left: 1.3em; }
        .room { box-sizing: border-box; border: .5pt solid #999; min-height: 26mm; padding: .5em .7em; white-space: pre-wrap; }
        .room:empty::before { content: attr(data-invitation); color: #555; }
        section { break-inside: avoid; }
        """;

    /// <summary>The page.</summary>
    public static string Write(HandInDocument document)
    {
        var html = new StringBuilder();
        html.Append($"""
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <title>{Markup.Escape(document.Title)}</title>
            <link rel="icon" href="data:,">
            <style>
            {Style}
            </style>
            </head>
            <body>
            <main>
            <h1>{Markup.Written(document.Title)}</h1>
            <p class="by">{(document.Author.Length > 0 ? $"{Markup.Written(document.Author)}, " : "")}{document.Date}. Trained and checked with {Markup.Escape(document.Version)}.</p>

            """);
        foreach (var block in document.Blocks)
        {
            Write(html, block, document.Run);
        }

        html.Append("</main>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void Write(StringBuilder html, HandInBlock block, ReportRun run)
    {
        switch (block)
        {
            case HandInBlock.Heading heading:
                html.Append($"<h2>{Markup.Escape(heading.Title)}</h2>\n");
                break;
            case HandInBlock.Paragraph paragraph:
                html.Append($"<p>{Of(paragraph.Content)}</p>\n");
                break;
            case HandInBlock.Equations equations:
                html.Append($"<div class=\"equations\">{string.Concat(equations.Formulas.Select(formula => $"<span>{Formula.ToHtml(formula)}</span>"))}</div>\n");
                break;
            case HandInBlock.Table table:
                html.Append($"<table><caption>{Of(table.Caption)}</caption>\n<thead><tr>{string.Concat(table.Columns.Select(column => $"<th scope=\"col\">{Of(column)}</th>"))}</tr></thead>\n<tbody>\n");
                foreach (var row in table.Rows)
                {
                    html.Append($"<tr><th scope=\"row\">{Of(row[0])}</th>{string.Concat(row.Skip(1).Select(cell => $"<td>{Of(cell)}</td>"))}</tr>\n");
                }

                html.Append("</tbody></table>\n");
                break;
            case HandInBlock.Figure figure:
                html.Append($"<figure>\n{new LossChart([run]).Draw(new ChartStyle { Standalone = true, Id = "loss", Width = 860, Height = 300 })}<figcaption>{Of(figure.Caption)}</figcaption>\n</figure>\n");
                break;
            case HandInBlock.Samples samples:
                html.Append("<div class=\"samples\">\n");
                foreach ((var head, var text) in samples.Texts)
                {
                    html.Append($"<div><b>{Of(head)}</b><p class=\"written\" dir=\"auto\">{Markup.Written(text)}</p></div>\n");
                }

                html.Append("</div>\n");
                break;
            case HandInBlock.Passage passage:
                html.Append($"<p class=\"written passage\" dir=\"auto\">{Markup.Written(passage.Text)}</p>\n");
                break;
            case HandInBlock.Discussion discussion:
                html.Append($"<section>\n<h2>{Markup.Escape(discussion.Title)}</h2>\n");
                if (discussion.Observations.Count > 0)
                {
                    html.Append($"<ul>\n{string.Concat(discussion.Observations.Select(item => $"<li>{Of(item)}</li>\n"))}</ul>\n");
                }

                html.Append($"<div class=\"room\" contenteditable=\"plaintext-only\" role=\"textbox\" aria-multiline=\"true\" aria-label=\"Discussion\" data-invitation=\"{Markup.Escape(discussion.Invitation)}\"></div>\n</section>\n");
                break;
            default:
                throw new ArgumentException($"no HTML for {block.GetType().Name}", nameof(block));
        }
    }

    private static string Of(Sentence sentence) => sentence.Write(Markup.Written, Formula.ToHtml);
}
