#compdef jinnacle
# Completion of jinnacle for zsh; in ~/.zshrc, behind compinit: source <(jinnacle completion zsh)
_jinnacle() {
    local line
    local -a open whole
    for line in "${(@f)$(JINNACLE_COMPLETE=zsh _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) \
        "${(Q)words[1]}" -- "${(@Q)words[1,CURRENT]}" 2>/dev/null)}"; do
        case ${${line//\\:/}%%:*} in
            '') ;;
            # The way on from `nats.` or `charts/` begins without a blank.
            *[=./,]) open+=("$line") ;;
            *) whole+=("$line") ;;
        esac
    done
    (($#open)) && _describe -V jinnacle open -S ''
    (($#whole)) && _describe -V jinnacle whole
}
if [[ ${funcstack[1]} == _jinnacle ]]; then
    _jinnacle "$@"
else
    compdef _jinnacle jinnacle
fi
