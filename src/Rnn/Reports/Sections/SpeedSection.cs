using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Speed;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>How long an update takes on this machine, beside the same work done otherwise.</summary>
internal static class SpeedSection
{
    public static void Write(PageWriter page, ReportRun run, int number)
    {
        page.Begin("speed", "Speed", number);
        if (run.Speed is { } speed)
        {
            WriteSpeed(page, speed);
        }
        else
        {
            page.Add($"<p>{(run.SpeedProblem is { } problem ? Markup.Escape(problem) + " " : "Not measured yet. ")}This command measures it; write the report again after it:</p>\n<pre><code>{Markup.Escape(run.SpeedCommand)}</code></pre>\n");
        }

        page.End();
    }

    private static void WriteSpeed(PageWriter page, SpeedReport speed)
    {
        var update = speed.Update;
        page.Add($"<p>One update of {speed.HiddenSize} hidden units, {speed.VocabularySize} characters and chunks of {speed.SequenceLength} takes <strong>{Markup.Fixed(update.Minimum, 1)} µs</strong> at best");
        if (update.ShareOfPeak is { } share)
        {
            page.Add($", which is {Markup.Fixed(share * 100, 0)} % of all that one core can multiply and add ({Markup.Fixed(speed.PeakGigaflops, 0)} GFLOP/s, measured in the same run)");
        }

        page.Add($". Measured {(speed.Processor.Length > 0 ? Markup.OnA(speed.Processor) : "on a processor without a name")}, kernels “{Markup.Escape(speed.Kernels)}”.</p>\n");
        WriteBars(page, update);
        string[] peers = [.. speed.Parts.Append(update).SelectMany(row => row.Peers).Select(peer => peer.Name).Distinct()];
        page.BeginTable("Microseconds for each part of an update; the fastest run counts, the median shows how steady it is",
            ["part", "fastest", "median", "of the peak", .. peers.SelectMany(peer => new[] { Markup.Escape(peer), "slower by" })], "wide");
        foreach (var row in speed.Parts.Append(update))
        {
            page.Row(Markup.Escape(row.Name),
            [
                Markup.Fixed(row.Minimum, 1),
                row.Median is { } median ? Markup.Fixed(median, 1) : "",
                row.ShareOfPeak is { } part ? $"{Markup.Fixed(part * 100, 0)} %" : "",
                .. peers.SelectMany(name => row.Peers.FirstOrDefault(peer => peer.Name == name) is { } peer ? [Markup.Fixed(peer.Minimum, 1), Factor(peer.Minimum / row.Minimum)] : new[] { "", "" }),
            ]);
        }

        page.EndTable();
        if (peers.Contains("scalar loops"))
        {
            page.Add("<p class=\"muted\">The scalar loops are the reference that the kernels are tested against, compiled by the same compiler; they are not what a C programmer would settle for.</p>\n");
        }
    }

    /// <summary>A bar each, as long as its time.</summary>
    private static void WriteBars(PageWriter page, SpeedRow update)
    {
        if (update.Peers.Count == 0)
        {
            return;
        }

        var longest = Math.Max(update.Minimum, update.Peers.Max(peer => peer.Minimum));
        page.Add("<ul class=\"bars\" aria-label=\"Time of one update\">\n");
        Bar("charrnn", update.Minimum, "", "own");
        foreach (var peer in update.Peers)
        {
            Bar(peer.Name, peer.Minimum, $", {Factor(peer.Minimum / update.Minimum)} as long", "peer");
        }

        page.Add("</ul>\n");

        void Bar(string name, double time, string remark, string kind) => page.Add(
            $"<li><span class=\"what\">{Markup.Escape(name)}</span><span class=\"bar {kind}\" style=\"width:{Markup.Fixed(Math.Max(0.3, 100 * time / longest), 2)}%\"></span><span class=\"value\">{Markup.Fixed(time, 1)} µs{remark}</span></li>\n");
    }

    private static string Factor(double factor) => $"{Markup.Fixed(factor, factor < 10 ? 1 : 0)} ×";
}
