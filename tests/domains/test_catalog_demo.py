"""The demo district's catalogue: complete, correct, and found in everyday words."""

from collections.abc import Iterator

import numpy as np
import pytest

from backend.demo import seed_catalog
from backend.demo.district import district
from backend.domains.catalog import content as words
from backend.domains.catalog import reading
from backend.domains.catalog.rules import order_problems, problems
from backend.domains.catalog.search import CatalogIndex, Document
from backend.domains.catalog.search_dense import Embedder, shared_embedder
from backend.domains.catalog.staff_schemas import ItemContentSchema
from backend.domains.organisation import service as organisation
from backend.kernel.services import Services

ITEMS = seed_catalog.items()
CONTENTS = [row["content"] for _, row in ITEMS]


@pytest.mark.parametrize(
    ("department", "row"), ITEMS, ids=[row["content"]["name"] for _, row in ITEMS]
)
def test_every_item_may_be_published(department: str, row: dict):
    assert problems(row["content"]) == []
    assert ItemContentSchema().validate(row["content"]) == {}
    assert department in {d["code"] for d in district()["departments"]}
    halls = {hall["code"] for hall in district()["halls"]}
    assert {place["hall_code"] for place in row["content"]["places"]} <= halls
    assert len(row["content"]["steps"]) >= 3


def test_one_list_covers_every_kind_of_item():
    def has(field: str) -> set[str]:
        return {content[field] for content in CONTENTS}

    assert len(ITEMS) >= 60
    assert len({row["implementation_code"] for _, row in ITEMS}) == len(ITEMS)
    assert len({c["name"] for c in CONTENTS}) == len(ITEMS)
    assert {department for department, _ in ITEMS} == {d["code"] for d in district()["departments"]}
    assert has("level") == {"city", "district", "street", "community"}
    assert has("item_class") == set(words.ITEM_CLASSES)
    assert has("case_type") == set(words.CASE_TYPES)
    assert has("group_code") == {group["code"] for group in district()["item_groups"]}
    assert {theme for c in CONTENTS for theme in c["themes"]} == set(words.THEMES) - {"qita"}


@pytest.mark.requirement("000.12")
def test_many_items_can_be_done_at_the_street_centre():
    near = [c for c in CONTENTS if any(p["hall_code"] != "district" for p in c["places"])]
    assert len(near) >= 30
    assert {c["level"] for c in near} >= {"street", "community"}


@pytest.mark.requirement("000.35")
def test_eleven_life_events_have_their_items_in_order():
    events = seed_catalog.life_events()
    known = {row["implementation_code"] for _, row in ITEMS}
    assert len(events) == 11
    for event in events:
        assert order_problems([(s["order"], s["after"]) for s in event["steps"]]) == []
        assert {step["item"] for step in event["steps"]} <= known
        assert len(event["steps"]) >= 3


def test_seeding_twice_changes_nothing(services: Services):
    with services.unit() as uow:
        organisation.load(uow.session, district())
    seed_catalog.seed(services)
    seed_catalog.seed(services)
    with services.unit() as uow:
        assert sum(d["count"] for d in reading.departments(uow)) == len(ITEMS)
        assert [e["code"] for e in reading.life_events(uow)] == [
            e["code"] for e in seed_catalog.life_events()
        ]
        birth = reading.life_event(uow, "birth")
        assert birth["steps"][1]["item"]["name"] == "出生登记（上户口）"
        assert birth["steps"][1]["after"] == [1]


@pytest.fixture(scope="module")
def model() -> Embedder:
    found = shared_embedder()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def index(model: Embedder) -> Iterator[CatalogIndex]:
    documents = []
    for content in CONTENTS:
        names = (content["name"], *content["aliases"])
        documents.append(
            Document(
                content["name"],
                content["name"],
                tuple(content["aliases"]),
                " ".join([content["summary"], *content["conditions"]]),
                vectors=np.stack([model.embed(name) for name in names]),
            )
        )
    return CatalogIndex(documents, model)


# None of these is an alias of the item it is to find.
SAID = """
社保卡丢了怎么办 → 社会保障卡挂失/补领
我的社保卡不见了 → 社会保障卡挂失/补领
社會保障卡掉了 → 社会保障卡挂失/补领
社宝卡丢了 → 社会保障卡挂失/补领
给娃上户口 → 出生登记（上户口）
宝宝出生要上户口 → 出生登记（上户口）
新生儿怎么落户 → 出生登记（上户口）
身份证丢了怎么补 → 居民身份证挂失补领
身份证快到期了 → 居民身份证换领
居民生份证换领 → 居民身份证换领
驾照过期了 → 机动车驾驶证期满换证
驾驶证弄丢了 → 机动车驾驶证补领
房本不见了怎么补 → 不动产权证书遗失补发
买了二手房怎么过户 → 不动产转移登记（存量房买卖）
爸爸去世了房子怎么过户给我 → 不动产继承登记（非公证）
老人走了户口怎么办 → 死亡登记（注销户口）
想开一家奶茶店 → 食品经营许可（餐饮服务）
开个小店要办什么证 → 个体工商户设立登记
注册一家公司 → 企业设立登记（企业开办一件事）
店不想开了 → 经营主体注销登记
老板拖欠工资 → 拖欠工资投诉
上班路上摔伤了 → 工伤认定申请
我失业了能领多少钱 → 失业保险金申领
没有单位自己交社保 → 灵活就业人员参保登记
什么时候能领退休金 → 职工正常退休申请（基本养老金申领）
养老金人脸认证 → 领取社会保险待遇资格认证
查我交了几年社保 → 参保缴费证明打印
外地交的社保转回来 → 养老保险关系转移接续申请
跟女儿在外地住怎么看病 → 异地就医备案
住院发票报销 → 医疗费用零星报销
高血压长期吃药 → 门诊慢特病待遇认定
产假期间的钱怎么领 → 生育津贴申领
看病花太多家里没钱了 → 医疗救助申请
结婚领证 → 结婚登记
跟老公离婚 → 离婚登记
申请吃低保 → 最低生活保障申请
八十岁老人有什么补贴 → 高龄津贴申请
残疾人每个月的补助 → 困难残疾人生活补贴和重度残疾人护理补贴
想领养一个孩子 → 收养登记
妈妈需要一个轮椅 → 残疾人辅助器具适配补贴
没房子住申请公租房 → 公共租赁住房申请
取公积金交房租 → 租房提取住房公积金
退休了公积金怎么全取出来 → 退休提取住房公积金
公积金贷款买房 → 住房公积金购房贷款
老楼装电梯 → 既有住宅加装电梯
孩子上小学报名 → 义务教育阶段入学登记（小学一年级）
小孩转校 → 中小学生转学
打疫苗的本子丢了 → 预防接种证补办
出生证弄丢了 → 出生医学证明补发
怀孕了要登记吗 → 生育登记
去香港玩要办什么 → 往来港澳通行证和签注申请
暂住证在哪办 → 居住证申领
无犯罪记录怎么开 → 开具有无犯罪记录证明
打官司请不起律师 → 法律援助申请
楼上漏水跟邻居吵架 → 人民调解申请
晚上施工太吵 → 噪声和油烟扰民投诉
买到假货要投诉 → 消费投诉
农村盖房子要批吗 → 农村宅基地申请
买拖拉机有没有补贴 → 农机购置与应用补贴申请
跑滴滴要办证吗 → 网络预约出租汽车驾驶员证核发
挂招牌要批吗 → 店铺招牌设置备案
腿脚不便能上门办吗 → 帮办代办服务预约
水表过户 → 居民用水用电用气报装和过户
"""
PAIRS = [tuple(line.split(" → ")) for line in SAID.strip().split("\n")]


@pytest.mark.parametrize(("said", "wanted"), PAIRS)
def test_everyday_words_find_the_item_first(index: CatalogIndex, said: str, wanted: str):
    aliases = next(c["aliases"] for c in CONTENTS if c["name"] == wanted)
    assert said not in aliases
    answer = index.search(said)
    assert answer.keys[0] == wanted
    assert not answer.relaxed


def test_words_alone_do_nearly_as_well(index: CatalogIndex):
    lexical = CatalogIndex(index.documents)
    right = sum(lexical.search(said).keys[:1] == [wanted] for said, wanted in PAIRS)
    assert right >= 0.9 * len(PAIRS)


def test_what_the_district_does_not_do_is_said_so(index: CatalogIndex):
    for said in ("量子力学", "火星移民", "今天天气"):
        answer = index.search(said)
        assert answer.relaxed or not answer.keys
