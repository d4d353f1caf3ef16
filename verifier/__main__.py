"""`python -m verifier bundle.zip`: check a published vote."""

import argparse
import base64
import io
import sys
from pathlib import Path
from typing import NoReturn

from verifier import bundle, checks, notes, telling


def main(arguments: "list[str] | None" = None) -> int:
    """Check and say what was found; 0 when everything is right."""
    for stream in (sys.stdout, sys.stderr):
        # A screen that lacks a sign shows another one in its place, and the check goes on.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    asked = _parser().parse_args(arguments)
    try:
        case = checks.opened(bundle.load(Path(asked.bundle)))
    except (bundle.BadBundle, notes.BadNote) as error:
        return _end([], [str(error)])
    checks.run(case)
    if asked.key:
        same = asked.key.strip() == base64.b64encode(case.key).decode()
        case.say(same, "公钥和您手上的一致", "公钥和您手上的不一致")
    for name in asked.checkpoint:
        checks.kept_file(case, name)
    for code in asked.receipt:
        checks.tried(case, "回执", checks.receipt, code)
    for number in asked.nonce:
        checks.tried(case, "选票", checks.nonce, number)
    for line in telling.told(case):
        print(line)
    if not asked.key:
        print(f"签名公钥：{base64.b64encode(case.key).decode()}（请与社区张贴的公钥比对）")
    if not asked.checkpoint:
        print("提示：带上您在表决期间保存的检查点（--checkpoint），才能发现事后整套重做的材料。")
    return _end(case.good, case.bad)


class _Parser(argparse.ArgumentParser):
    """What is wrong with the command is said in Chinese, with an example."""

    def error(self, message: str) -> NoReturn:
        print("命令写得不对。要这样写：python -m verifier 下载的材料.zip", file=sys.stderr)
        print("加上 --help 能看到全部用法。", file=sys.stderr)
        raise SystemExit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m verifier", description="核对一次表决公布的材料")
    parser.add_argument("bundle", help="下载的材料（zip 文件，或解压后的文件夹）")
    parser.add_argument(
        "--checkpoint", action="append", default=[], metavar="文件", help="您在表决期间保存的检查点"
    )
    parser.add_argument("--key", help="社区张贴的签名公钥")
    parser.add_argument(
        "--receipt", action="append", default=[], metavar="回执号", help="核对回执是否计入"
    )
    parser.add_argument(
        "--nonce",
        action="append",
        default=[],
        metavar="随机数",
        help="手机里保存的随机数，查看记录的是不是您的选择",
    )
    return parser


def _end(good: "list[str]", bad: "list[str]") -> int:
    for text in good:
        print(f"  ✓ {text}")
    for text in bad:
        print(f"  ✗ {text}")
    print("结论：没有发现问题。" if not bad else f"结论：发现 {len(bad)} 个问题，这份材料不可信。")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
