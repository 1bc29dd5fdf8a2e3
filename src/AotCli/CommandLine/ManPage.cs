using System.CommandLine;
using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>A manual page in roff (man(7) macros) from the definitions of the commands.</summary>
public static class ManPage
{
    /// <summary>The page of <c>charrnn</c> with all its commands.</summary>
    /// <param name="root">The root with all its commands.</param>
    public static string Write(Command root)
    {
        var page = new StringBuilder();
        page.Append($".TH CHARRNN 1 \"{ProductVersion.Date}\" \"charrnn {ProductVersion.Version}\" \"User Commands\"\n");
        page.Append(".SH NAME\ncharrnn \\- train a character-level recurrent network and write text with it\n");
        page.Append(".SH SYNOPSIS\n.B charrnn\n.I COMMAND\n[options]\n");
        page.Append(".SH DESCRIPTION\n").Append(Paragraph(root.Description ?? "")).Append('\n');
        page.Append("Data goes to standard output, progress and messages to standard error.\n");
        page.Append(".SH OPTIONS\n");
        AppendOptions(page, root);
        page.Append(".SH COMMANDS\n");
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            page.Append($".SS {Escape(HelpText.Usage(command))}\n").Append(Paragraph(command.Description + ".")).Append('\n');
            foreach (var argument in command.Arguments)
            {
                page.Append($".TP\n.I {Escape(argument.Name)}\n{Paragraph(argument.Description ?? "")}\n");
            }

            AppendOptions(page, command);
            var documented = command as DocumentedCommand;
            foreach (var remark in documented?.Remarks ?? [])
            {
                page.Append(".PP\n").Append(Paragraph(remark)).Append('\n');
            }

            foreach (var example in documented?.Examples ?? [])
            {
                page.Append($".PP\n{Paragraph(example.Description + ":")}\n.PP\n.RS 4\n.nf\n{Escape(example.CommandLine)}\n.fi\n.RE\n");
            }
        }

        page.Append(".SH EXIT STATUS\n.TP\n0\nDone.\n.TP\n1\nA check or the work failed.\n.TP\n2\nThe input was wrong; nothing was changed.\n");
        page.Append(".SH ENVIRONMENT\n.TP\nNO_COLOR\nWhere it is set, nothing is coloured.\n.TP\nTERM\nWhere it is \\(aqdumb\\(aq, nothing is animated.\n");
        return page.ToString();
    }

    private static void AppendOptions(StringBuilder page, Command command)
    {
        foreach (var option in command.Options.Where(option => !option.Hidden))
        {
            page.Append($".TP\n.B {Escape(HelpText.Label(option))}\n{Paragraph(HelpText.Describe(option))}\n");
        }
    }

    /// <summary>A text in lines of at most 79 characters, none of which begins as a request would.</summary>
    private static string Paragraph(string text)
    {
        var lines = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' ').Select(word => Escape(word)))
        {
            if (used > 0 && used + 1 + word.Length > 79)
            {
                lines.Append('\n');
                used = 0;
            }
            else if (used > 0)
            {
                lines.Append(' ');
                used++;
            }

            lines.Append(word);
            used += word.Length;
        }

        return lines.ToString();
    }

    private static string Escape(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("'", "\\(aq", StringComparison.Ordinal);
        return escaped.StartsWith('.') ? "\\&" + escaped : escaped;
    }
}
