class Jinnacle < Formula
  desc "Render NATS and other Helm-style charts for Kubernetes from Jinja templates"
  homepage "https://github.com/jinnacle/jinnacle"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "https://github.com/jinnacle/jinnacle/releases/download/v${version}/jinnacle-${version}-aarch64-apple-darwin.tar.gz"
      sha256 "${aarch64_apple_darwin}"
    end
    on_intel do
      url "https://github.com/jinnacle/jinnacle/releases/download/v${version}/jinnacle-${version}-x86_64-apple-darwin.tar.gz"
      sha256 "${x86_64_apple_darwin}"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/jinnacle/jinnacle/releases/download/v${version}/jinnacle-${version}-aarch64-unknown-linux-musl.tar.gz"
      sha256 "${aarch64_unknown_linux_musl}"
    end
    on_intel do
      url "https://github.com/jinnacle/jinnacle/releases/download/v${version}/jinnacle-${version}-x86_64-unknown-linux-musl.tar.gz"
      sha256 "${x86_64_unknown_linux_musl}"
    end
  end

  def install
    bin.install "jinnacle"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/jinnacle.bash" => "jinnacle"
    zsh_completion.install "completions/_jinnacle"
    fish_completion.install "completions/jinnacle.fish"
  end

  test do
    assert_match "kind: StatefulSet", shell_output("#{bin}/jinnacle template my-nats nats/nats")
  end
end
