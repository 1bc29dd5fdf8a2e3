using System.Globalization;
using System.Text;
using CharRnn.Rnn.Reports.Charts;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>The hand-in for pdflatex, with the curve as data for pgfplots.</summary>
internal static class HandInLatex
{
    /// <summary>The points of the curve: TeX is slow with more, and on paper nobody sees them.</summary>
    public const int MostPoints = 1000;

    /// <summary>The file.</summary>
    public static string Write(HandInDocument document)
    {
        var tex = new StringBuilder();
        tex.Append(CultureInfo.InvariantCulture, $$"""
            \documentclass[10pt,a4paper]{article}
            \usepackage[margin=20mm]{geometry}
            \usepackage{multicol}
            \usepackage{pgfplots}
            \pgfplotsset{compat=1.14}
            \setlength{\parindent}{0pt}
            \setlength{\parskip}{4pt}
            \emergencystretch=2em
            {{LatexText.Definitions}}
            \title{{{LatexText.Escape(document.Title)}}}
            \author{{{LatexText.Escape(document.Author)}}}
            \date{{{LatexText.Escape(document.Date)}}.\\{\footnotesize Trained and checked with {{LatexText.Escape(document.Version)}}.} }
            \begin{document}
            \maketitle

            """);
        foreach (var block in document.Blocks)
        {
            Write(tex, block, document.Run);
        }

        tex.Append("\n\\end{document}\n");
        return tex.ToString();
    }

    private static void Write(StringBuilder tex, HandInBlock block, ReportRun run)
    {
        switch (block)
        {
            case HandInBlock.Heading heading:
                tex.Append($"\n\\section*{{{LatexText.Escape(heading.Title)}}}\n");
                break;
            case HandInBlock.Paragraph paragraph:
                tex.Append($"\n{Of(paragraph.Content)}\n");
                break;
            case HandInBlock.Equations equations:
                tex.Append($"\\[\n\\begin{{array}}{{l}}\n{string.Join(" \\\\\n", equations.Formulas)}\n\\end{{array}}\n\\]\n");
                break;
            case HandInBlock.Table table:
                WriteTable(tex, table);
                break;
            case HandInBlock.Figure figure:
                WriteFigure(tex, figure, run);
                break;
            case HandInBlock.Samples samples:
                tex.Append("\n\\begin{multicols}{2}\n");
                foreach ((var head, var text) in samples.Texts)
                {
                    tex.Append($"{{\\raggedright\\small\\textbf{{{Of(head)}}}\\\\*\n\\footnotesize\\ttfamily {LatexText.Lines(text)}\\par}}\n");
                }

                tex.Append("\\end{multicols}\n");
                break;
            case HandInBlock.Passage passage:
                tex.Append($"\n\\begin{{multicols}}{{2}}\n{{\\raggedright\\footnotesize\\ttfamily {LatexText.Lines(passage.Text)}\\par}}\n\\end{{multicols}}\n");
                break;
            case HandInBlock.Discussion discussion:
                tex.Append($"\n\\section*{{{LatexText.Escape(discussion.Title)}}}\n");
                if (discussion.Observations.Count > 0)
                {
                    tex.Append($"\\begin{{itemize}}\n{string.Concat(discussion.Observations.Select(item => $"\\item {Of(item)}\n"))}\\end{{itemize}}\n");
                }

                tex.Append($"\n% {discussion.Invitation}\n\\vspace{{30mm}}\n");
                break;
            default:
                throw new ArgumentException($"no LaTeX for {block.GetType().Name}", nameof(block));
        }
    }

    private static void WriteTable(StringBuilder tex, HandInBlock.Table table)
    {
        tex.Append($"\n{{\\small {Of(table.Caption)}\\par}}\n\\begin{{center}}\\footnotesize\\setlength{{\\tabcolsep}}{{4pt}}\n\\begin{{tabular}}{{l{string.Concat(Enumerable.Repeat("p{19mm}", table.Columns.Count - 2))}l}}\n\\hline\n");
        tex.Append(string.Join(" & ", table.Columns.Select(column => $"\\raggedright {Of(column)}".Replace("\\raggedright parameter", "parameter", StringComparison.Ordinal)).SkipLast(1))).Append($" & {Of(table.Columns[^1])} \\\\\n\\hline\n");
        foreach (var row in table.Rows)
        {
            tex.Append(string.Join(" & ", row.Select(Of))).Append(" \\\\\n");
        }

        tex.Append("\\hline\n\\end{tabular}\\end{center}\n");
    }

    private static void WriteFigure(StringBuilder tex, HandInBlock.Figure figure, ReportRun run)
    {
        var chart = new LossChart([run]);
        var points = Thinning.Line([.. run.Losses.Select(point => new ChartPoint(point.Step, point.SmoothLoss))], MostPoints);
        tex.Append(CultureInfo.InvariantCulture, $$"""

            \begin{center}
            \begin{tikzpicture}
            \begin{axis}[width=0.96\linewidth, height=62mm, xmin=0, enlarge x limits={upper, value=0.02}, grid=major, grid style={black!15},
              xlabel={updates}, ylabel={{{LatexText.Escape(chart.LossLabel)}}}, scaled ticks=false,
              tick label style={/pgf/number format/fixed, /pgf/number format/1000 sep={\mathord{,} } }]
            \addplot[mark=none] coordinates {

            """);
        foreach (var line in points.Chunk(8))
        {
            tex.AppendJoin(' ', line.Select(point => string.Create(CultureInfo.InvariantCulture, $"({point.X:0},{point.Y:G7})"))).Append('\n');
        }

        tex.Append("};\n");
        foreach (var epoch in chart.Epochs)
        {
            tex.Append(CultureInfo.InvariantCulture, $"\\draw[densely dotted] ({{axis cs:{epoch.X:0},0}}|-{{rel axis cs:0,0}}) -- ({{axis cs:{epoch.X:0},0}}|-{{rel axis cs:0,1}});\n");
        }

        if (run.BestStep > 0 && double.IsFinite(run.BestSmoothLoss))
        {
            tex.Append(CultureInfo.InvariantCulture, $"\\addplot[only marks, mark=o] coordinates {{({run.BestStep},{run.BestSmoothLoss:G7})}};\n");
        }

        tex.Append($"\\end{{axis}}\n\\end{{tikzpicture}}\n\\end{{center}}\n{{\\small {Of(figure.Caption)}\\par}}\n");
    }

    private static string Of(Sentence sentence) => sentence.Write(LatexText.Escape, formula => $"${formula}$");
}
