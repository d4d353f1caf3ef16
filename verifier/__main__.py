"""`python -m verifier bundle.zip`: check a published vote."""

import argparse
import base64
import sys
from pathlib import Path

from verifier import bundle, checks, notes

OUTCOMES = {
    "passed": "通过",
    "not_passed": "未通过",
    "no_quorum": "参加人数或面积不够，表决无效",
    "too_few": "参加的人太少，不公布结果",
    "counted": "已计票（不产生决定）",
    "tied": "并列，没有分出先后",
}


def main(arguments: "list[str] | None" = None) -> int:
    """Check and say what was found; 0 when everything is right."""
    asked = _parser().parse_args(arguments)
    try:
        case = checks.opened(bundle.load(Path(asked.bundle)))
    except (bundle.BadBundle, notes.BadNote) as error:
        return _end([], [str(error)])
    checks.run(case)
    if asked.key:
        same = asked.key.strip() == base64.b64encode(case.key).decode()
        case.say(same, "公钥和您手上的一致", "公钥和您手上的不一致")
    for path in asked.checkpoint:
        checks.kept(case, Path(path).read_text(encoding="utf-8"))
    for code in asked.receipt:
        checks.receipt(case, code)
    for number in asked.nonce:
        checks.nonce(case, number)
    print(f"表决：{case.vote.get('title')}（{case.vote.get('scope')}）")
    print(f"公布的结果：{OUTCOMES.get(case.result.get('outcome'), '看不懂')}")
    if not asked.key:
        print(f"签名公钥：{base64.b64encode(case.key).decode()}（请与社区张贴的公钥比对）")
    if not asked.checkpoint:
        print("提示：带上您在表决期间保存的检查点（--checkpoint），才能发现事后整套重做的材料。")
    return _end(case.good, case.bad)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="verifier", description="核对一次表决公布的材料")
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
