using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>What was trained, with which settings and on what machine.</summary>
internal static class SettingsSection
{
    public static void Write(PageWriter page, ReportRun run, int number)
    {
        page.Begin("settings", "What was trained, and on what", number);
        Table("The run", run.Settings);
        Table("The machine and the program", run.Machine);
        foreach (var note in run.Notes)
        {
            page.Add($"<p class=\"muted\">{Markup.Written(note)}</p>\n");
        }

        page.End();

        void Table(string caption, IReadOnlyList<ReportFact> facts)
        {
            if (facts.Count == 0)
            {
                return;
            }

            page.BeginTable(caption, [], "facts");
            foreach (var fact in facts)
            {
                page.Row(Markup.Escape(fact.Name), $"<bdi>{Markup.Written(fact.Value)}</bdi>");
            }

            page.EndTable();
        }
    }
}
