using System.CommandLine;
using CharRnn.AotCli.CommandLine;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn completion SHELL</c>: a script that asks the program itself what could stand at the cursor.</summary>
public static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.CompletionSources.Add(Shells);
        var command = new DocumentedCommand("completion", "Print the completion script of a shell")
        {
            Examples =
            [
                new("charrnn completion bash > ~/.local/share/bash-completion/completions/charrnn", "Complete in bash from the next shell on"),
                new("charrnn completion zsh > ~/.zfunc/_charrnn", "In zsh, where ~/.zfunc stands in fpath"),
                new("charrnn completion fish > ~/.config/fish/completions/charrnn.fish", "In fish"),
            ],
        };
        command.Arguments.Add(shell);
        command.SetAction(result =>
        {
            Terminal.Output.Write(Script(result.GetValue(shell)!));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The script of a shell.</summary>
    /// <exception cref="UsageException">The shell is none of the three.</exception>
    public static string Script(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new UsageException($"there is no completion for '{shell}': the shells are {string.Join(", ", Shells)}"),
    };

    private const string Bash = """
        # bash completion for charrnn
        _charrnn() {
            local word="${COMP_WORDS[COMP_CWORD]}" program="${COMP_WORDS[0]/#\~/$HOME}" proposals line
            proposals=$("$program" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null | cut -f1)
            COMPREPLY=()
            if [ -n "$proposals" ]; then
                while IFS= read -r line; do COMPREPLY+=("$line"); done <<< "$proposals"
            else
                compopt -o filenames 2>/dev/null
                while IFS= read -r line; do [ -n "$line" ] && COMPREPLY+=("$line"); done <<< "$(compgen -f -- "$word")"
            fi
        }
        complete -F _charrnn charrnn

        """;

    private const string Zsh = """
        #compdef charrnn
        # zsh completion for charrnn
        _charrnn() {
            local -a proposals
            local word description line="${(j: :)words[1,CURRENT-1]} ${PREFIX}"
            while IFS=$'\t' read -r word description; do
                proposals+=("${word//:/\\:}:${description}")
            done < <(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)
            if (( ${#proposals} )); then
                _describe charrnn proposals
            else
                _files
            fi
        }
        if [ "$funcstack[1]" = "_charrnn" ]; then
            _charrnn "$@"
        else
            compdef _charrnn charrnn
        fi

        """;

    private const string Fish = """
        # fish completion for charrnn
        function __charrnn_complete
            set -l line (commandline -cp)
            set -l program (commandline -opc | string replace -r '^~' $HOME)[1]
            set -l proposals ($program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            if test (count $proposals) -gt 0
                printf '%s\n' $proposals
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c charrnn -f -a '(__charrnn_complete)'

        """;
}
