using Microsoft.Playwright;

namespace CharRnn.Browser.Tests;

/// <summary>A page that notes what it should not do: errors, and requests for anything but itself.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> complaints = [];

    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => complaints.Add($"exception: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.IsNavigationRequest)
            {
                complaints.Add($"request: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Complaints => complaints;

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
