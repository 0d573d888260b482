"""Words that files in the languages of the Far East are named after, by the code page that writes them there.

A name of two letters is too short for the frequencies of letters, by which texts are told: ``台北`` is ``ąxą_`` in code
page 852. But four bytes of a word are hardly ever another page's name by chance.
"""

_TRADITIONAL = """
銷售 報表 報告 資料 訂單 庫存 客戶 員工 薪資 報價 價目 價格 發票 進貨 出貨 採購 會計 財務 統計 名單 明細 清單
目錄 產品 商品 測試 成績 學生 會員 帳單 帳戶 預算 合約 專案 部門 公司 分店 門市 匯出 匯入 總表 彙總 備份 活動
問卷 調查 人事 出勤 班表 營收 業績 一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 月報 年報 日報 週報 本月
上月 年度 台北 臺北 新北 桃園 新竹 苗栗 台中 臺中 彰化 南投 雲林 嘉義 台南 臺南 高雄 屏東 宜蘭 花蓮 台東 基隆
台灣 臺灣 香港 九龍 新界 澳門
"""
_SIMPLIFIED = """
销售 报表 报告 数据 资料 订单 库存 客户 员工 工资 报价 价格 发票 进货 出货 采购 会计 财务 统计 名单 明细 清单
目录 产品 商品 测试 成绩 学生 会员 账单 账户 预算 合同 项目 部门 公司 门店 导出 导入 汇总 备份 活动 问卷 调查
人事 考勤 营收 业绩 表格 结果 一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 月报 年报 日报 周报 本月 上月
年度 北京 上海 广州 深圳 天津 重庆 成都 杭州 南京 武汉 西安 苏州 郑州 长沙 青岛 大连 厦门 宁波 沈阳 济南 哈尔滨
福州 昆明 中国
"""
_JAPANESE = """
売上 報告 資料 注文 受注 発注 在庫 顧客 社員 給与 見積 価格 請求 仕入 出荷 会計 経理 統計 名簿 明細 一覧 目録
製品 商品 成績 学生 会員 予算 契約 部門 部署 会社 店舗 集計 調査 勤怠 実績 結果 領収 納品 住所 売掛 買掛 人事
日報 月報 年報 週報 今月 先月 年度 一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 東京 大阪 京都 横浜 神戸
名古屋 福岡 札幌 仙台 広島 埼玉 千葉 川崎 新潟 静岡 沖縄 日本 データ テスト リスト サンプル コピー マスタ
アンケート レポート ファイル
"""
_KOREAN = """
매출 매입 판매 보고 자료 데이터 주문 재고 고객 직원 사원 급여 견적 가격 단가 청구 입고 출고 구매 회계 재무 통계
명단 명세 목록 상품 제품 테스트 성적 학생 회원 예산 계약 부서 회사 지점 매장 집계 조사 설문 근태 실적 결과 영수
거래 현황 신규 월별 일별 연도 연간 분기 서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남
경북 경남 제주 수원 성남 강남 한국
"""
NAME_WORDS = {
    "big5hkscs": tuple(_TRADITIONAL.split()),
    "gb18030": tuple(_SIMPLIFIED.split()),
    "cp932": tuple(_JAPANESE.split()),
    "cp949": tuple(_KOREAN.split()),
}
