"""Which class words speak for, how sure that is, and that a stored model cannot do harm."""

import io
import json
import random

import numpy as np
import pytest
from click.testing import CliRunner

from backend.cli import cli
from backend.domains.routing import classifier, evaluation, store
from backend.domains.routing.similar_words import similarity
from backend.domains.routing.text_features import PLAIN, TITLED, Features, normal

PLACES = ["翠屏路", "柳荫新苑", "百花里", "清风公园", "银杏大道", "松涛苑", "学府路", "幸福街"]
TALK = {
    "lamp": ["路灯不亮", "路灯坏了没人修", "晚上灯不亮很黑", "灯杆歪了", "路灯一闪一闪"],
    "water": ["水管爆了", "自来水管漏水", "家里停水", "管道破裂漏水", "水压太小没有水"],
    "noise": ["半夜施工很吵", "音响太大扰民", "装修声音吵", "广场舞吵得睡不着", "麻将馆深夜吵闹"],
}


def said(count: int, seed: int = 1) -> tuple[list[tuple[str, str]], list[str]]:
    dice = random.Random(seed)
    labels = [dice.choice(sorted(TALK)) for _ in range(count)]
    rows = [("", f"{dice.choice(PLACES)}{dice.choice(TALK[label])}，请处理") for label in labels]
    return rows, labels


@pytest.fixture(scope="module")
def model():
    rows, labels = said(120)
    return classifier.train(rows, labels, PLAIN)


def test_words_find_their_class_and_sureness_is_a_share(model):
    ranked = model.ranking("", "长青巷的路灯又坏了")
    assert ranked[0][0] == "lamp"
    assert {code for code, _ in ranked} == set(TALK)
    assert all(0 <= sure <= 1 for _, sure in ranked)
    assert ranked[0][1] > 0.8
    assert [sure for _, sure in ranked] == sorted((s for _, s in ranked), reverse=True)
    assert model.accuracy > 0.95


def test_words_that_nobody_used_suggest_nothing(model):
    assert model.ranking("", "") == []
    assert model.ranking("", "xyz") == []


def test_training_twice_gives_the_same_model(model):
    rows, labels = said(120)
    assert store.to_bytes(classifier.train(rows, labels, PLAIN)) == store.to_bytes(model)


def test_labels_that_nothing_predicts_make_the_model_unsure():
    rows, labels = said(150)
    random.Random(3).shuffle(labels)
    unsure = classifier.train(rows, labels, PLAIN)
    assert unsure.ranking("", rows[0][1])[0][1] < 0.7


def test_a_class_with_one_example_does_not_stop_the_training():
    rows, labels = said(30)
    trained = classifier.train([*rows, ("", "狗追人")], [*labels, "dog"], PLAIN)
    assert "dog" in trained.classes
    two = classifier.train([("", "灯坏"), ("", "漏水")], ["lamp", "water"], PLAIN)
    assert two.ranking("", "漏水")[0][0] == "water"
    with pytest.raises(ValueError, match="two classes"):
        classifier.train(rows[:3], ["lamp"] * 3, PLAIN)


def test_titles_and_texts_are_looked_at_in_several_ways():
    rows = [("路灯不亮", "晚上很黑"), ("漏水", "自来水管坏了")]
    features = Features.learn(TITLED.fields, rows)
    places, values = features.of(*rows[0])
    assert len(set(places.tolist())) == len(places)
    for field, columns in zip(features.fields, features.columns, strict=True):
        own = values[np.isin(places, list(columns.values()))]
        assert np.linalg.norm(own) == pytest.approx(field.weight, abs=1e-5)


def test_numbers_of_telephones_and_houses_are_not_kept():
    assert normal("电话１３８１２３４５６７８，Ａ座") == "电话0 a座"


def test_a_stored_model_answers_the_same(model, tmp_path):
    path = store.path_of(tmp_path, "category", 3)
    digest = store.save(model, path)
    again = store.load(path, digest)
    for words in ("路灯坏了", "水管漏水", "很吵"):
        first, second = model.ranking("", words), again.ranking("", words)
        assert [code for code, _ in first] == [code for code, _ in second]
        assert [s for _, s in first] == pytest.approx([s for _, s in second], abs=0.01)
    assert [item.name for item in path.parent.iterdir()] == ["routing-category-3.npz"]


def test_a_changed_missing_or_foreign_file_is_refused(model, tmp_path):
    path = store.path_of(tmp_path, "category", 1)
    digest = store.save(model, path)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(store.BadModel):
        store.load(path, digest)
    with pytest.raises(store.BadModel):
        store.load(tmp_path / "none.npz", digest)
    for content in (b"", b"not a model", _pickled()):
        with pytest.raises(store.BadModel):
            store.from_bytes(content)


def _pickled() -> bytes:
    """An npz that would run code if it were unpickled."""

    class Evil:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

    target = io.BytesIO()
    np.savez(target, about=np.array([Evil()], dtype=object))
    return target.getvalue()


def test_likeness_is_symmetric_high_for_the_same_and_low_for_others():
    one, other = "柳荫新苑门口水管爆裂", "柳荫新苑小区自来水管爆了"
    assert similarity(one, one) == pytest.approx(1)
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    assert similarity(one, other) > 0.4 > similarity(one, "学府路红绿灯时间太短")
    assert similarity("", one) == 0 == similarity("。。", one)


def write(path, rows):
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return str(path)


def tickets(count, seed):
    rows, labels = said(count, seed)
    return [
        {"text": text, "dept": label, "scheme": "A", "dup": False}
        for (_, text), label in zip(rows, labels, strict=True)
    ]


def run(*words):
    return CliRunner().invoke(cli, ["evaluate", "routing", *words])


def test_tickets_are_measured_without_old_double_and_rare_ones(tmp_path):
    rare = [{"text": "狗追人", "dept": "dog", "scheme": "A", "dup": False}] * 19
    old = [{"text": "路灯坏", "dept": "noise", "scheme": "B", "dup": False}] * 50
    double = [{"text": "路灯坏", "dept": "noise", "scheme": "A", "dup": True}] * 50
    train = write(tmp_path / "train", [*tickets(120, 1), *rare, *old, *double])
    test = write(tmp_path / "test", [*tickets(40, 2), *rare, *old, *double])
    figures = json.loads(run("--train", train, "--test", test).stdout)
    assert (figures["n"], figures["classes"]) == (40, 3)
    assert figures["accuracy"] > 0.9
    assert figures["top3"] == 1
    assert {"macro_f1", "p95_ms", "seconds_to_train", "calibration_error"} <= figures.keys()


def test_messages_are_measured_with_their_titles(tmp_path):
    rows, labels = said(90)
    rows = [
        {"title": text[:8], "text": text, "l1": label}
        for (_, text), label in zip(rows, labels, strict=True)
    ]
    figures = json.loads(run("--train", write(tmp_path / "all", rows), "--folds", "3").stdout)
    assert figures["n"] == 90
    assert figures["macro_f1"] > 0.9


def test_wrong_files_are_named(tmp_path):
    good = write(tmp_path / "good", tickets(90, 1))
    titled = write(tmp_path / "titled", [{"title": "a", "text": "b", "l1": "c"}])
    strange = write(tmp_path / "strange", [{"words": "x"}])
    broken = tmp_path / "broken"
    broken.write_text("{\n", "utf-8")
    array = tmp_path / "array"
    array.write_text("\n[]\n", "utf-8")
    unknown = write(tmp_path / "unknown", [tickets(1, 1)[0] | {"dept": "zoo"}])
    for other in (titled, strange, str(broken), str(array), unknown):
        answer = run("--train", good, "--test", other)
        assert answer.exit_code == 1, other
        assert "Traceback" not in answer.output
    assert run("--train", good).exit_code == 2
    assert run("--train", titled, "--folds", "2").exit_code == 1


def test_the_figures_are_what_their_names_say():
    assert evaluation.macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    sure, right = np.array([1.0, 1.0, 0.5, 0.5]), np.array([True, True, True, False])
    assert evaluation.calibration_error(sure, right) == 0
    assert evaluation.calibration_error(sure, ~right) == pytest.approx(0.5)
