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
        page.Append($".TH CHARRNN 1 \"\" \"charrnn {ProductVersion.Version}\" \"User Commands\"\n");
        page.Append(".SH NAME\ncharrnn \\- train a character-level recurrent network and write text with it\n");
        page.Append(".SH SYNOPSIS\n.B charrnn\n.I COMMAND\n[options]\n");
        page.Append(".SH DESCRIPTION\n").Append(Escape(root.Description ?? "")).Append('\n');
        page.Append("Data goes to standard output, progress and messages to standard error.\n");
        page.Append(".SH OPTIONS\n");
        AppendOptions(page, root);
        page.Append(".SH COMMANDS\n");
        foreach (Command command in root.Subcommands.Where(command => !command.Hidden))
        {
            page.Append($".SS {Escape(HelpText.Usage(command))}\n").Append(Escape(command.Description ?? "")).Append(".\n");
            foreach (Argument argument in command.Arguments)
                page.Append($".TP\n.I {Escape(argument.Name)}\n{Escape(argument.Description ?? "")}\n");
            AppendOptions(page, command);
            var documented = command as DocumentedCommand;
            foreach (string remark in documented?.Remarks ?? [])
                page.Append(".PP\n").Append(Escape(remark)).Append('\n');
            foreach (Example example in documented?.Examples ?? [])
                page.Append($".PP\n{Escape(example.Description)}:\n.PP\n.RS 4\n.nf\n{Escape(example.CommandLine)}\n.fi\n.RE\n");
        }
        page.Append(".SH EXIT STATUS\n.TP\n0\nDone.\n.TP\n1\nA check or the work failed.\n.TP\n2\nThe input was wrong; nothing was changed.\n");
        page.Append(".SH ENVIRONMENT\n.TP\nNO_COLOR\nWhere it is set, nothing is coloured.\n.TP\nTERM\nWhere it is \\(aqdumb\\(aq, nothing is animated.\n");
        return page.ToString();
    }

    private static void AppendOptions(StringBuilder page, Command command)
    {
        foreach (Option option in command.Options.Where(option => !option.Hidden))
            page.Append($".TP\n.B {Escape(HelpText.Label(option))}\n{Escape(HelpText.Describe(option))}\n");
    }

    private static string Escape(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("'", "\\(aq", StringComparison.Ordinal);
        return escaped.StartsWith('.') ? "\\&" + escaped : escaped;
    }
}
