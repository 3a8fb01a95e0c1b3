# Completion of jinnacle for bash; in ~/.bashrc: source <(jinnacle completion bash)
_jinnacle() {
    # bash takes words apart at `=` and `:`. What stands together on the line is one word again.
    local rest=${COMP_LINE:0:COMP_POINT} words=() count=0 at word quote
    for ((at = 0; at <= COMP_CWORD; at++)); do
        word=${rest#"${rest%%[![:space:]]*}"}
        ((at < COMP_CWORD)) && word=${COMP_WORDS[at]}
        if ((count > 0)) && [[ $rest != [[:space:]]* && -n $rest ]]; then
            words[count - 1]+=$word
        else
            words[count++]=$word
        fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        rest=${rest#"$word"}
    done
    # Quotes are the shell's; what bash takes for the word, $2, is the end of ours.
    for ((at = 0; at < count; at++)); do
        quote=${words[at]%%[!\'\"]*}
        words[at]=${words[at]#"$quote"}
        ((at < count - 1)) && words[at]=${words[at]%"$quote"}
    done
    local kept=${words[count - 1]%"$2"} line
    COMPREPLY=()
    while IFS= read -r line; do
        [[ -n $line ]] && COMPREPLY+=("${line#"$kept"}")
    done < <(JINNACLE_COMPLETE=bash _CLAP_COMPLETE_INDEX=$((count - 1)) "$1" -- "${words[@]}" 2>/dev/null && echo)
    # The way on from `nats.` or `charts/` begins without a blank.
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} != *[=./,:] && -z $quote ]]; then
        COMPREPLY[0]+=' '
    fi
}
complete -o nospace -o nosort -o bashdefault -F _jinnacle jinnacle 2>/dev/null ||
    complete -o nospace -o bashdefault -F _jinnacle jinnacle
